#!/usr/bin/env bash
# Installs what the tests compare with or need beside the SDK (Debian, Ubuntu). Does nothing when all is there.
set -euo pipefail
packages=(dcmtk libgdcm-tools dicom3tools python3-pydicom python3-numpy poppler-utils libpangocairo-1.0-0 libcairo2 fonts-dejavu-core fonts-noto-core libopenjp2-7 libopenjp2-tools libjpeg-turbo-progs libtiff6 libtiff-tools python3-pil postgresql-15 curl openssl)
missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "installing: ${missing[*]}"
sudo=""; [ "$(id -u)" -eq 0 ] || sudo=sudo
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
