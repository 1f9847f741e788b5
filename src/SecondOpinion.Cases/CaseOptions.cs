using FluentValidation;

namespace SecondOpinion.Cases;

/// <summary>How cases are run here. Validated when the program starts.</summary>
public sealed class CaseOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Cases";

    /// <summary>Logical id of the organization that reads what no route catches. Null: the only reading tenant, if there is just one other.</summary>
    public string? DefaultReader { get; set; }

    /// <summary>Tried in order.</summary>
    public IList<CaseRoute> Routes { get; set; } = [];

    /// <summary>Whether the server sets the order to completed once the final report is in; default true.</summary>
    public bool CloseOrder { get; set; } = true;

    /// <summary>Tenants that close their orders themselves.</summary>
    public ISet<string> TenantsClosingOrders { get; set; } = new HashSet<string>();

    /// <summary>Whether placers see preliminary reports; default false.</summary>
    public bool ShowPreliminary { get; set; }

    /// <summary>Public base URL of the DICOMweb service, for Endpoint.address; default <c>http://127.0.0.1:8080/dicomweb</c>.</summary>
    public string DicomWebBase { get; set; } = "http://127.0.0.1:8080/dicomweb";

    /// <summary>Whether a final report without a PDF is refused (503) when the text renderer (pango, cairo) is missing; default false: it is left out, and the Task says so.</summary>
    public bool RequirePdf { get; set; }

    /// <summary>How recent a study must be to be matched by its patient alone, without accession or Study UID; default 30 days.</summary>
    public TimeSpan PatientMatchWindow { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Default 24 h.</summary>
    public TimeSpan DentalTurnaround { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Radiology, priority stat or asap; default 24 h.</summary>
    public TimeSpan StatTurnaround { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Radiology, priority urgent; default 48 h.</summary>
    public TimeSpan UrgentTurnaround { get; set; } = TimeSpan.FromHours(48);

    /// <summary>Radiology, priority routine; default 72 h.</summary>
    public TimeSpan RoutineTurnaround { get; set; } = TimeSpan.FromHours(72);

    /// <summary>Whether the server closes orders of a tenant.</summary>
    public bool ClosesOrdersOf(string tenant) => CloseOrder && !TenantsClosingOrders.Contains(tenant);
}

/// <summary>Sends orders of a service or specialty to a reading organization.</summary>
public sealed class CaseRoute
{
    /// <summary>ServiceRequest.code; null: any.</summary>
    public string? ServiceCode { get; set; }

    /// <summary>A code of ServiceRequest.performerType; null: any.</summary>
    public string? Specialty { get; set; }

    /// <summary>Logical id of the reading organization.</summary>
    public string Reader { get; set; } = "";
}

public sealed class CaseOptionsValidator : AbstractValidator<CaseOptions>
{
    public CaseOptionsValidator()
    {
        RuleFor(o => o.DicomWebBase).Must(b => Uri.TryCreate(b, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0)
            .WithMessage("Cases:DicomWebBase must be an absolute http(s) URL without query");
        RuleFor(o => o.DentalTurnaround).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365));
        RuleFor(o => o.StatTurnaround).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(365));
        RuleFor(o => o.UrgentTurnaround).GreaterThanOrEqualTo(o => o.StatTurnaround);
        RuleFor(o => o.RoutineTurnaround).GreaterThanOrEqualTo(o => o.UrgentTurnaround).LessThanOrEqualTo(TimeSpan.FromDays(365));
        RuleForEach(o => o.Routes).Must(r => r.Reader.Length > 0).WithMessage("Cases:Routes needs a Reader");
    }
}
