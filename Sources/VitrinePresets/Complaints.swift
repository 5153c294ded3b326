import VitrineCore

/// What was wrong while reading, each thing once.
final class Complaints {
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var errors = 0
    private var seen = Set<Diagnostic>()

    func add(
        _ severity: Diagnostic.Severity,
        _ code: PresetCode,
        file: String,
        line: Int,
        field: String? = nil,
        _ message: String,
        hint: String? = nil
    ) {
        if severity == .error { errors += 1 }
        let diagnostic = Diagnostic(
            severity,
            code.rawValue,
            file: file,
            line: line,
            field: field,
            message,
            hint: hint
        )
        guard seen.insert(diagnostic).inserted else { return }
        diagnostics.append(diagnostic)
    }

    func error(
        _ code: PresetCode,
        at value: YAMLValue,
        field: String? = nil,
        _ message: String,
        hint: String? = nil
    ) {
        add(.error, code, file: value.file, line: value.line, field: field, message, hint: hint)
    }

    func warning(
        _ code: PresetCode,
        at value: YAMLValue,
        field: String? = nil,
        _ message: String,
        hint: String? = nil
    ) {
        add(.warning, code, file: value.file, line: value.line, field: field, message, hint: hint)
    }

    /// In the order of the files as they were given, then by line.
    func sorted(by files: [String]) -> [Diagnostic] {
        let order = Dictionary(files.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return diagnostics.enumerated().sorted { left, right in
            let a = (order[left.element.file ?? ""] ?? Int.max, left.element.line ?? 0, left.offset)
            let b = (order[right.element.file ?? ""] ?? Int.max, right.element.line ?? 0, right.offset)
            return a < b
        }.map(\.element)
    }
}
