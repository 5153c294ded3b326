import VitrineCore

/// The words of an order as a provider takes them.
enum Words {
    /// The prompt with what to avoid behind it, for providers that have no field for that; without it where it would be too long.
    static func all(of order: SubmissionOrder, limit: Offer.PromptLimit?) -> String {
        all(order.prompt, of: order, limit: limit)
    }

    /// The same of a prompt that stands for the order's.
    static func all(_ prompt: String, of order: SubmissionOrder, limit: Offer.PromptLimit?) -> String {
        let avoid = order.request.avoid.trimmingSpaces
        guard !avoid.isEmpty else { return prompt }
        let words = prompt + (prompt.hasSuffix(".") ? " " : ". ") + "Avoid: " + avoid + "."
        return fits(words, limit) ? words : prompt
    }

    /// The prompt without the words of its style, for providers that have a field for styles: they stand at its end, behind a
    /// comma, or as a sentence of their own.
    static func withoutStyle(_ prompt: String, _ style: VideoRequest.Style) -> String {
        guard style.tag != nil, !style.words.isEmpty else { return prompt }
        let sentence = style.words.prefix(1).uppercased() + style.words.dropFirst() + "."
        for end in [", " + style.words, " " + sentence, " " + style.words] where prompt.hasSuffix(end) {
            return String(prompt.dropLast(end.count)).trimmingSpaces
        }
        return prompt
    }

    /// Whether a prompt is no longer than allowed.
    static func fits(_ prompt: String, _ limit: Offer.PromptLimit?) -> Bool {
        limit.map { $0.length(of: prompt) <= $0.most } ?? true
    }

    /// The prompt, some of its spaces doubled by the submission's key: the same to a model, and ours alone in a list of prompts.
    ///
    /// Nil when the prompt has too few spaces to be told from others, or no room for more.
    static func marked(_ prompt: String, by key: SubmissionKey, limit: Offer.PromptLimit?) -> String? {
        let bits = Digest(of: key.rawValue).number
        var marked = ""
        var gaps: UInt64 = 0
        for character in prompt {
            marked.append(character)
            guard character == " ", !marked.hasSuffix("  ") else { continue }
            if bits >> (gaps % 64) & 1 == 1 { marked.append(" ") }
            gaps += 1
        }
        return gaps >= 20 && fits(marked, limit) ? marked : nil
    }
}

extension String {
    /// It without spaces at its ends.
    var trimmingSpaces: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
