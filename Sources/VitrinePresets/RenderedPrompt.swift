public import VitrineCore

/// What a model is told about one subject.
public struct RenderedPrompt: Hashable, Sendable {
    /// What is to be seen.
    public var prompt: String
    /// What is to be avoided.
    public var avoid: String

    /// A prompt and what to avoid.
    public init(prompt: String, avoid: String) {
        self.prompt = prompt
        self.avoid = avoid
    }
}

extension Preset {
    /// The words for one subject, for a provider and in a language: the locale's before the provider's before the preset's own.
    ///
    /// `zh-CN` falls back to `zh` and then to the preset's own words. The words of the style stand at the end, once.
    public func prompt(
        for subject: PromptSubject,
        provider: ProviderID = .local,
        locale: String? = nil,
        styles: StyleBook
    ) -> RenderedPrompt {
        let wordings = self.wordings(provider: provider, locale: locale)
        let prompt = wordings.lazy.compactMap(\.prompt).first ?? self.prompt
        let avoid = wordings.lazy.compactMap(\.avoid).first ?? self.avoid
        let words = style(provider: provider, locale: locale, styles: styles)?.words ?? ""
        return RenderedPrompt(
            prompt: PromptText.appending(words, to: render(prompt, subject)),
            avoid: render(avoid, subject)
        )
    }

    /// The prompt of one of the preset's shots, with the style's words.
    public func prompt(for shot: Shot, subject: PromptSubject, styles: StyleBook) -> String {
        PromptText.appending(
            video.style.flatMap { styles[$0]?.words } ?? "",
            to: render(shot.prompt ?? prompt, subject)
        )
    }

    /// The style for a provider and language; nil when the preset names none.
    public func style(provider: ProviderID = .local, locale: String? = nil, styles: StyleBook) -> Style? {
        let name = wordings(provider: provider, locale: locale).lazy.compactMap(\.style).first ?? video.style
        return name.flatMap { styles[$0] }
    }

    private func wordings(provider: ProviderID, locale: String?) -> [Wording] {
        var wordings: [Wording] = []
        if let locale, !locales.isEmpty {
            var parts = locale.lowercased().split { $0 == "-" || $0 == "_" }
            while !parts.isEmpty {
                if let wording = locales[parts.joined(separator: "-")] { wordings.append(wording) }
                parts.removeLast()
            }
        }
        if let wording = providers[provider] { wordings.append(wording) }
        return wordings
    }

    private func render(_ template: PromptTemplate, _ subject: PromptSubject) -> String {
        PromptText.tidy(template.render { subject.value($0, facts: facts) })
    }
}

/// Prompts after their values are in.
enum PromptText {
    /// White space collapsed, and no comma left over where a value was empty.
    static func tidy(_ text: String) -> String {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(text.unicodeScalars.count)
        for scalar in text.unicodeScalars {
            if isSpace(scalar) {
                if let last = result.last, last != " ", last != "(" { result.append(" ") }
                continue
            }
            if closing.contains(scalar), result.last == " " { result.removeLast() }
            if stops.contains(scalar) || scalar == ")" {
                while let last = result.last, last == " " || commas.contains(last) { result.removeLast() }
            }
            if scalar == ")", result.last == "(" {
                result.removeLast()
                continue
            }
            if commas.contains(scalar) {
                guard let last = result.last, !commas.contains(last), !stops.contains(last), last != "(" else {
                    continue
                }
            }
            result.append(scalar)
        }
        while let last = result.last, last == " " || commas.contains(last) { result.removeLast() }
        var text = String.UnicodeScalarView()
        text.append(contentsOf: result)
        return String(text)
    }

    /// The prompt with the words of a style at its end, unless they stand in it already.
    static func appending(_ words: String, to prompt: String) -> String {
        guard !words.isEmpty, !prompt.contains(words) else { return prompt }
        guard let last = prompt.unicodeScalars.last else { return words }
        if !stops.contains(last) { return prompt + ", " + words }
        guard words.unicodeScalars.last.map({ !stops.contains($0) }) ?? false else { return prompt + " " + words }
        return prompt + " " + words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\n" || scalar == "\t" || scalar == "\r" || scalar == "\u{A0}"
    }

    private static let commas: Set<Unicode.Scalar> = [",", ";", ":", "，", "、", "；"]
    private static let stops: Set<Unicode.Scalar> = [".", "!", "?", "。", "！", "？"]
    private static let closing: Set<Unicode.Scalar> = [
        ",", ";", ":", ".", "!", "?", ")", "，", "、", "；", "。", "！", "？",
    ]
}
