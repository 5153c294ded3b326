public import VitrineCore

/// How a test inside a preset went.
public struct PresetTestResult: Hashable, Sendable {
    /// The preset that the test stands in.
    public var preset: String
    /// The title of its product.
    public var title: String
    /// The file that it stands in.
    public var file: String
    /// The line where it begins, counted from 1.
    public var line: Int
    /// What was not as expected; empty when the test passes.
    public var failures: [String]

    /// Whether everything was as expected.
    public var passed: Bool { failures.isEmpty }

    /// The failures as complaints.
    public var diagnostics: [Diagnostic] {
        failures.map {
            Diagnostic(.error, PresetCode.failedTest.rawValue, file: file, line: line, field: "tests", $0)
        }
    }
}

extension PresetLibrary {
    /// Runs the tests inside all presets, in the order of their names.
    public func runTests() -> [PresetTestResult] {
        presets.flatMap { preset in
            preset.tests.map { test in
                PresetTestResult(
                    preset: preset.name,
                    title: test.product.title,
                    file: test.file,
                    line: test.line,
                    failures: failures(of: test)
                )
            }
        }
    }

    private func failures(of test: PresetTest) -> [String] {
        var failures: [String] = []
        let match = match(test.product, variant: test.product.variants.first)
        if let wanted = test.preset, match.preset.name != wanted {
            let known = self.preset(wanted) != nil
            failures.append(
                "`\(test.product.title)`: expected preset `\(wanted)` but got `\(match.preset.name)`: \(match.because)"
                    + (known ? "" : "; there is no preset `\(wanted)`")
            )
        }
        let subject = PromptSubject(product: test.product, variant: test.product.variants.first)
        let rendered = match.preset.prompt(for: subject, provider: test.provider, locale: test.locale, styles: styles)
        for words in test.promptContains where !rendered.prompt.contains(words) {
            failures.append("`\(test.product.title)`: expected `\(words)` in the prompt but got `\(rendered.prompt)`")
        }
        for words in test.promptLacks where rendered.prompt.contains(words) {
            failures.append(
                "`\(test.product.title)`: expected no `\(words)` in the prompt but got `\(rendered.prompt)`"
            )
        }
        for words in test.avoidContains where !rendered.avoid.contains(words) {
            failures.append("`\(test.product.title)`: expected `\(words)` in `avoid` but got `\(rendered.avoid)`")
        }
        return failures
    }
}
