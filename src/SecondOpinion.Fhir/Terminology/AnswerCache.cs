namespace SecondOpinion.Fhir.Codes;

/// <summary>Answers by question, the least recently used dropped first when their bytes exceed the bound. Free-threaded.</summary>
internal sealed class AnswerCache(int maxBytes, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byQuestion = new(StringComparer.Ordinal);
    private readonly LinkedList<Entry> _byUse = new();
    private long _bytes;

    public bool TryGet(string question, out FhirResource? answer)
    {
        lock (_lock)
        {
            answer = null;
            if (!_byQuestion.TryGetValue(question, out var node))
            {
                return false;
            }

            if (node.Value.Until <= time.GetUtcNow())
            {
                Drop(node);
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            answer = node.Value.Answer;
            return true;
        }
    }

    /// <param name="answer">Null: there is none, and that is worth knowing for a while.</param>
    public void Put(string question, FhirResource? answer, TimeSpan time0)
    {
        // A parsed answer takes a multiple of its text.
        var bytes = 200L + (question.Length * 2L) + ((answer?.Json.Length ?? 0) * 3L);
        if (bytes > maxBytes)
        {
            return;
        }

        lock (_lock)
        {
            if (_byQuestion.TryGetValue(question, out var old))
            {
                Drop(old);
            }

            _byQuestion[question] = _byUse.AddFirst(new Entry(question, answer, time.GetUtcNow() + time0, bytes));
            _bytes += bytes;
            while (_bytes > maxBytes)
            {
                Drop(_byUse.Last!);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _byUse.Remove(node);
        _byQuestion.Remove(node.Value.Question);
        _bytes -= node.Value.Bytes;
    }

    private sealed record Entry(string Question, FhirResource? Answer, DateTimeOffset Until, long Bytes);
}
