using System.Collections;

namespace SecondOpinion.Fhir;

/// <summary>The children of a node, or those of one name; foreach over it allocates nothing.</summary>
public readonly struct FhirNodes : IEnumerable<FhirNode>
{
    private readonly FhirNode _parent;
    private readonly string? _name;

    internal FhirNodes(FhirNode parent, string? name)
    {
        _parent = parent;
        _name = name;
    }

    /// <summary>Enumerates without allocation.</summary>
    public Enumerator GetEnumerator() => new(_parent, _name);

    IEnumerator<FhirNode> IEnumerable<FhirNode>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The state of a foreach.</summary>
    public struct Enumerator : IEnumerator<FhirNode>
    {
        private readonly FhirResource? _resource;
        private readonly string? _name;
        private readonly int _end;
        private int _next;
        private int _current;

        internal Enumerator(FhirNode parent, string? name)
        {
            _resource = parent.Owner;
            _name = name;
            if (_resource is not null)
            {
                (_next, _end) = _resource.Tree.ChildRange(parent.Row);
            }
        }

        /// <inheritdoc/>
        public readonly FhirNode Current => new(_resource!, _current);

        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext()
        {
            if (_resource is null)
            {
                return false;
            }

            var rows = _resource.Tree.Rows;
            while (_next < _end)
            {
                var row = _next;
                _next = rows[row].Next;
                if (!rows[row].IsHidden && (_name is null || new FhirNode(_resource, row).Matches(_name)))
                {
                    _current = row;
                    return true;
                }
            }

            return false;
        }

        /// <inheritdoc/>
        public readonly void Reset() => throw new NotSupportedException();

        /// <inheritdoc/>
        public readonly void Dispose()
        {
        }
    }
}
