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
        template.render { subject.value($0, facts: facts) }
    }
}
