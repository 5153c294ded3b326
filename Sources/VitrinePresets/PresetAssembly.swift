import VitrineCore

/// Puts the documents of all files together: who extends whom, who stands in whose place.
struct PresetAssembly {
    /// A preset as its author wrote it.
    struct Source {
        var name: String
        var document: YAMLValue
        var isOwn: Bool
        var parent: String?
    }

    private(set) var shipped: [String: Source] = [:]
    private(set) var own: [String: Source] = [:]
    private let complaints: Complaints

    init(_ complaints: Complaints) {
        self.complaints = complaints
    }

    /// Names of all presets, once each, in order.
    var names: [String] { Set(shipped.keys).union(own.keys).sorted() }

    /// Takes one document.
    mutating func add(_ document: YAMLValue, isOwn: Bool) {
        guard let value = document["preset"], let name = value.text else {
            complaints.error(.missingKey, at: document, field: "preset", "a preset needs its name under `preset`")
            return
        }
        guard PresetName.isName(name) else {
            complaints.error(.badName, at: value, field: "preset", PresetName.complaint(name))
            return
        }
        if let first = (isOwn ? own : shipped)[name] {
            let place = "\(first.document.file):\(first.document.line)"
            complaints.error(.duplicateName, at: value, field: "preset", "preset `\(name)` is already at \(place)")
            return
        }
        let parent = document["extends"]
        if let parent, parent.text == nil {
            complaints.error(
                .wrongType,
                at: parent,
                field: "extends",
                "expected the name of one preset for `extends` but got \(parent.kind)"
            )
            return
        }
        let source = Source(name: name, document: document, isOwn: isOwn, parent: parent?.text)
        if isOwn { own[name] = source } else { shipped[name] = source }
    }

    /// The preset of a name as it stands in the end: a merchant's own before a shipped one.
    func source(_ name: String) -> Source? { own[name] ?? shipped[name] }

    /// The document with everything it inherits, or nil when it cannot be had, which has been said.
    func resolved(_ source: Source) -> YAMLValue? {
        resolved(source, after: [])
    }

    private func resolved(_ source: Source, after: [String]) -> YAMLValue? {
        guard let parent = source.parent else { return source.document }
        let place = source.document["extends"] ?? source.document
        let isAmended = parent == source.name && source.isOwn && shipped[parent] != nil
        let key = (source.isOwn ? "own " : "shipped ") + source.name
        guard !after.contains(key) else { return nil }
        guard let next = isAmended ? shipped[parent] : self.source(parent) else {
            complaints.error(
                .unknownPreset,
                at: place,
                field: "extends",
                "unknown preset `\(parent)`" + Spelling.suggestion(for: parent, among: names)
            )
            return nil
        }
        if let circle = circle(from: next, back: source) {
            complaints.error(
                .cycle,
                at: place,
                field: "extends",
                "presets extend each other in a circle: \(circle.map { "`\($0)`" }.joined(separator: " → "))"
            )
            return nil
        }
        guard let inherited = resolved(next, after: after + [key]) else {
            complaints.error(
                .brokenParent,
                at: place,
                field: "extends",
                "`\(source.name)` extends `\(parent)`, which is left out"
            )
            return nil
        }
        var base = inherited
        if case .map(let entries) = inherited.content {
            let dropped = isAmended ? PresetKeys.notAmended : PresetKeys.notInherited
            base.content = .map(entries.filter { !dropped.contains($0.key) })
        }
        return source.document.merged(over: base)
    }

    /// The names from a preset back to itself, if its parents lead there.
    private func circle(from first: Source, back target: Source) -> [String]? {
        var names = [target.name, first.name]
        var current = first
        for _ in 0..<1000 {
            if current.name == target.name, current.isOwn == target.isOwn { return names }
            guard let parent = current.parent else { return nil }
            let isAmended = parent == current.name && current.isOwn && shipped[parent] != nil
            guard let next = isAmended ? shipped[parent] : source(parent) else { return nil }
            if names.dropFirst().contains(next.name), next.name != target.name, !isAmended { return nil }
            names.append(next.name)
            current = next
        }
        return nil
    }
}
