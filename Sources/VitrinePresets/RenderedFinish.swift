import VitrineCore

extension Preset {
    /// What is put over the clips of one subject: its words with the subject's values in them, captions with what is said.
    ///
    /// Words that come out empty are left out, and so are captions where nothing is said.
    public func finish(for subject: PromptSubject) -> [String: String] {
        var rendered = finish
        for (name, text) in finish where Preset.holdsWords(name) {
            // The reader has refused what is no template.
            let words = (try? PromptTemplate(text))?.render { subject.value($0, facts: facts) } ?? text
            rendered[name] = words.isEmpty ? nil : words
        }
        if finish["captions"] == "true" { rendered["captions"] = sound.voice }
        let joins = shots.dropFirst().map(\.join)
        if joins.contains(.fade) { rendered["joins"] = joins.map(\.rawValue).joined(separator: " ") }
        return rendered
    }

    /// Whether a value of the finish is words for people to read.
    static func holdsWords(_ name: String) -> Bool {
        name == "end_card" || name == "end_card.text"
            || name.hasPrefix("text.") && !name.hasSuffix(".at")
                && !name.hasSuffix(".size") && !name.hasSuffix(".from") && !name.hasSuffix(".to")
    }

    /// The names in a finish that stand for files.
    public static let finishFiles = ["logo", "logo.file", "end_card.logo", "music", "music.file"]
}

extension PresetLibrary {
    /// The same library with other finishes: a merchant's files by their digests.
    public func replacing(finishes: [String: [String: String]]) -> PresetLibrary {
        guard !finishes.isEmpty else { return self }
        var text = CanonicalText("vitrine.finishes.1")
        text.write("library", version.hexadecimal)
        for (name, finish) in finishes.sorted(by: { $0.key < $1.key }) {
            text.write("preset", name)
            for (key, value) in finish.sorted(by: { $0.key < $1.key }) { text.write(key, value) }
        }
        return PresetLibrary(
            presets: presets.map { preset in
                var preset = preset
                preset.finish = finishes[preset.name] ?? preset.finish
                return preset
            },
            abstracts: abstracts,
            styles: styles,
            categories: categories,
            version: text.digest
        )
    }
}
