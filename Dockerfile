# The server with what it needs for reports (pango, fonts) and for JPEG 2000 and TIFF images (openjp2, libtiff). State is under /data.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish src/SecondOpinion.Interop -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpangocairo-1.0-0 libopenjp2-7 libtiff6 fonts-dejavu-core fonts-noto-core curl \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app .
RUN useradd --system --uid 10001 interop && mkdir /data && chown interop /data
USER interop
VOLUME /data
ENV Data=/data Urls=http://0.0.0.0:8080 AllowPlainHttp=true
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s CMD curl -fs http://127.0.0.1:8080/health/ready || exit 1
ENTRYPOINT ["dotnet", "SecondOpinion.Interop.dll"]
CMD ["serve"]
