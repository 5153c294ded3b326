public import VitrineCore

/// Everything that can be said about presets before they cost money: what `presets check` prints.
public struct PresetCheck: Sendable {
    /// Every model there is, at hand or not: how long its prompt may be, and who may be named.
    public var offers: [Offer]

    /// A check against a table of offers; without one no name is unknown and no prompt too long.
    public init(offers: [Offer]) {
        self.offers = offers
    }

    /// What reading said, and what is wrong with what was read: tests that fail, prompts that are too long, words nobody uses.
    ///
    /// Prompts are measured for the longest of `products` that each preset takes, or for the longest that is possible where it takes none.
    public func diagnostics(
        of checked: Checked<PresetLibrary>,
        products: some Sequence<Product> = []
    ) -> [Diagnostic] {
        let library = checked.value
        var found = checked.diagnostics
        let facts = Catalogue(products, library)
        for preset in library.presets {
            found += lengths(of: preset, subject: facts.longest[preset.name], library)
            found += unknownVariables(of: preset, known: facts.attributes)
            found += unusedFacts(of: preset, in: library)
            found += unknownProviders(of: preset)
            found += preset.inheritedLocales.sorted().map { locale in
                let message = "`\(preset.name)` has its own prompt, but that for `\(locale)` is inherited"
                return diagnostic(.note, .inheritedLocale, preset, field: "locales.\(locale)", message)
            }
            if preset.match == nil, !(library.presets + library.abstracts).contains(where: { $0.parent == preset.name })
            {
                let message = "`\(preset.name)` has no `match`, so products only get it by name"
                found.append(diagnostic(.note, .neverMatches, preset, field: "match", message))
            }
        }
        for preset in library.abstracts { found += unusedFacts(of: preset, in: library) }
        found += sameMatches(library)
        if !library.presets.contains(where: \.isFallback) {
            found.append(
                Diagnostic(
                    .warning,
                    PresetCode.noFallback.rawValue,
                    "no preset takes what the others leave",
                    hint: "give one preset `match: {}`"
                )
            )
        }
        return found + library.runTests().flatMap(\.diagnostics)
    }

    /// What the check needs to know of a catalogue.
    private struct Catalogue {
        var longest: [String: (subject: PromptSubject, length: Int)] = [:]
        var attributes = Set<String>()

        init(_ products: some Sequence<Product>, _ library: PresetLibrary) {
            for product in products {
                attributes.formUnion(product.attributes.keys)
                for variant in product.variants { attributes.formUnion(variant.attributes.keys) }
                let preset = library.match(product).preset
                for subject in [PromptSubject(product: product)]
                    + product.variants.prefix(5).map({ PromptSubject(product: product, variant: $0) })
                {
                    let length = preset.prompt.variables.reduce(0) { sum, name in
                        sum + (subject.value(name, facts: preset.facts)?.utf16.count ?? 0)
                    }
                    if length > longest[preset.name]?.length ?? -1 { longest[preset.name] = (subject, length) }
                }
            }
        }
    }

    private func lengths(
        of preset: Preset,
        subject: (subject: PromptSubject, length: Int)?,
        _ library: PresetLibrary
    ) -> [Diagnostic] {
        let subject = subject?.subject ?? PresetCheck.longestPossible(for: preset)
        let named = Set(preset.tiers.values.flatMap(\.providers)).union(preset.providers.keys)
        var found: [Diagnostic] = []
        for provider in Set(offers.map(\.provider)).sorted() {
            guard let limit = limit(of: provider, in: preset) else { continue }
            for locale in [nil] + preset.locales.keys.sorted().map(Optional.some) {
                let prompt = preset.prompt(for: subject, provider: provider, locale: locale, styles: library.styles)
                    .prompt
                let length = limit.length(of: prompt)
                guard length > limit.most else { continue }
                let language = locale.map { " in `\($0)`" } ?? ""
                found.append(
                    diagnostic(
                        named.contains(provider) ? .error : .warning,
                        .promptTooLong,
                        preset,
                        field: "prompt",
                        "the prompt\(language) of `\(preset.name)` is \(length) characters long for "
                            + "`\(subject.product.title.prefix(40))`; provider `\(provider)` takes \(limit.most)"
                    )
                )
            }
        }
        return found
    }

    /// How long a prompt may be for the model that a preset would get of a provider: the one that its tiers name, else the provider's first.
    private func limit(of provider: ProviderID, in preset: Preset) -> Offer.PromptLimit? {
        let models = preset.tiers.values.filter { $0.providers.contains(provider) }.compactMap(\.model)
        let rows = offers.filter { $0.provider == provider }
        return (rows.first { models.contains($0.model) } ?? rows.first)?.prompt
    }

    /// A product whose every value is as long as a prompt takes it.
    private static func longestPossible(for preset: Preset) -> PromptSubject {
        func words(_ count: Int) -> String { String(repeating: "abcdefghi ", count: count / 10) + "abcdefghi" }
        var product = Product(feed: "longest", key: "longest", line: 1, title: String(words(150).prefix(149)) + "z")
        product.description = String(words(300).prefix(299)) + "z"
        for template in preset.templates {
            for name in template.variables where !["title", "description"].contains(name) {
                product.attributes[name] = String(words(60).prefix(60))
            }
        }
        product.brand = product.attributes["brand"]
        product.type = product.attributes["category"]
        return PromptSubject(product: product)
    }

    private func unknownVariables(of preset: Preset, known: Set<String>) -> [Diagnostic] {
        let names = Set(PromptSubject.variables + PresetCheck.usualAttributes).union(preset.facts.keys).union(known)
        var seen = Set<String>()
        return preset.templates.flatMap(\.variables).compactMap { name in
            guard !names.contains(name), seen.insert(name).inserted else { return nil }
            let suggestion = Spelling.suggestion(for: name, among: names.sorted())
            return diagnostic(
                suggestion.isEmpty ? .note : .warning,
                .unknownVariable,
                preset,
                field: "prompt",
                "no product is known to have `{{\(name)}}`" + suggestion,
                hint: suggestion.isEmpty ? "it is left out where a feed has no such column" : nil
            )
        }
    }

    private func unusedFacts(of preset: Preset, in library: PresetLibrary) -> [Diagnostic] {
        let all = library.presets + library.abstracts
        let parent = all.first { $0.name == preset.parent && $0.name != preset.name }
        var family = [preset]
        var index = 0
        while index < family.count {
            let name = family[index].name
            family += all.filter { $0.parent == name && !family.contains($0) }
            index += 1
        }
        let used = Set(family.flatMap(\.templates).flatMap(\.variables))
        return preset.facts.keys.sorted().compactMap { name in
            guard !used.contains(name), parent?.facts[name] == nil else { return nil }
            return diagnostic(
                .warning,
                .unusedFact,
                preset,
                field: "facts.\(name)",
                "no prompt uses the fact `\(name)`"
            )
        }
    }

    private func unknownProviders(of preset: Preset) -> [Diagnostic] {
        guard !offers.isEmpty else { return [] }
        let known = Set(offers.map(\.provider)).union([.local])
        let named = Set(preset.tiers.values.flatMap(\.providers)).union(preset.providers.keys)
        return named.subtracting(known).sorted().map { provider in
            let suggestion = Spelling.suggestion(for: provider.rawValue, among: known.map(\.rawValue).sorted())
            return diagnostic(
                .warning,
                .unknownProvider,
                preset,
                field: "tiers",
                "unknown provider `\(provider)`" + suggestion
            )
        }
    }

    private func sameMatches(_ library: PresetLibrary) -> [Diagnostic] {
        var first: [Reach: Preset] = [:]
        var found: [Diagnostic] = []
        for preset in library.presets {
            guard let match = preset.match else { continue }
            let reach = Reach(match, weight: preset.weight)
            guard let other = first[reach] else {
                first[reach] = preset
                continue
            }
            let message = "`\(preset.name)` takes the same products as `\(other.name)`, which goes first by its name"
            let hint = "give one of them more `weight`"
            found.append(diagnostic(.warning, .sameMatch, preset, field: "match", message, hint: hint))
        }
        return found
    }

    /// What decides which products a preset takes, and when.
    private struct Reach: Hashable {
        var rule: PresetRule
        var weight: Int

        init(_ rule: PresetRule, weight: Int) {
            self.rule = rule
            self.weight = weight
            self.rule.all.category = Reach.plain(rule.all.category)
            self.rule.not.category = Reach.plain(rule.not.category)
        }

        private static func plain(_ categories: [PresetRule.Category]) -> [PresetRule.Category] {
            categories.map { .init(text: "", path: $0.path) }.sorted { $0.path.description < $1.path.description }
        }
    }

    private func diagnostic(
        _ severity: Diagnostic.Severity,
        _ code: PresetCode,
        _ preset: Preset,
        field: String,
        _ message: String,
        hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code.rawValue, file: preset.file, line: preset.line, field: field, message, hint: hint)
    }

    private static let usualAttributes = [
        "pattern", "age_group", "size_system", "size_type", "condition", "gtin", "mpn", "style", "scent", "flavor",
        "finish",
        "capacity", "weight", "length", "width", "height", "season", "origin", "shape", "power", "volume",
    ]
}

extension Preset {
    /// All its templates: prompts and what to avoid, in every language and for every provider.
    var templates: [PromptTemplate] {
        let wordings = Array(locales.values) + Array(providers.values)
        return [prompt, avoid] + wordings.flatMap { [$0.prompt, $0.avoid].compactMap { $0 } }
            + shots.compactMap(\.prompt)
    }
}
