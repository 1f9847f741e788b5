namespace SecondOpinion.Storage.Model;

/// <summary>An organization that uses the server. Its id is the logical id of its Organization resource.</summary>
public sealed class TenantRow
{
    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>Whether orders may be routed to it.</summary>
    public bool IsReader { get; set; }

    public long Created { get; set; }
}

/// <summary>Software that may ask for tokens (SMART Backend Services).</summary>
public sealed class ClientRow
{
    public string ClientId { get; set; } = "";

    public string TenantId { get; set; } = "";

    /// <summary>Scopes it may have, space separated.</summary>
    public string Scopes { get; set; } = "";

    /// <summary>JSON Web Key Set with its public keys; empty when only <see cref="JwksUrl"/> is known.</summary>
    public string Jwks { get; set; } = "";

    public string JwksUrl { get; set; } = "";

    /// <summary>The person it speaks for, for example <c>Practitioner/reader-demo</c>; empty for a system.</summary>
    public string FhirUser { get; set; } = "";
}

/// <summary>A key pair of the server: signs tokens (built-in issuer) and reports.</summary>
public sealed class SigningKeyRow
{
    public string KeyId { get; set; } = "";

    /// <summary><c>token</c> or <c>report</c>.</summary>
    public string Use { get; set; } = "";

    /// <summary>PKCS#8 of an EC P-384 key (ES384).</summary>
    public byte[] PrivateKey { get; set; } = [];

    public long Created { get; set; }
}

/// <summary>An assertion id seen by the token endpoint, kept until it expires, so that none is used twice (RFC 7523 3).</summary>
public sealed class SeenAssertionRow
{
    public string ClientId { get; set; } = "";

    public string Jti { get; set; } = "";

    public long Expires { get; set; }
}

/// <summary>A row-based lease: which process does a background job now.</summary>
public sealed class LeaseRow
{
    public string Name { get; set; } = "";

    public string Owner { get; set; } = "";

    public long Until { get; set; }
}
