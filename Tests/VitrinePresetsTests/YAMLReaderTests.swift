import Testing
import VitrineCore

@testable import VitrinePresets

@Suite("YAML reader")
struct YAMLReaderTests {
    private func read(_ text: String) -> (values: [YAMLValue], lines: [String]) {
        let complaints = Complaints()
        let values = YAMLReader.documents(of: PresetFile(name: "a.yaml", text: text), complaints)
        return (values, Checked((), complaints.diagnostics).lines)
    }

    @Test(
        "what could grow or pretend is refused, with its line",
        arguments: [
            ("a: &x 1\nb: 2\n", "a.yaml:1: error presets.refused-yaml: anchors are refused"),
            ("a: &x 1\nb: *x\n", "a.yaml:2: error presets.refused-yaml: aliases are refused: `*x`"),
            ("a: [*x, &x 1]\n", "a.yaml:1: error presets.refused-yaml: aliases are refused: `*x`"),
            ("a: 1\n<<: {b: 2}\n", "a.yaml:2: error presets.refused-yaml: merge keys are refused: `<<`"),
            ("a: !secret x\n", "a.yaml:1: error presets.refused-yaml: tags are refused: `!secret`"),
            ("a: !!binary x\n", "a.yaml:1: error presets.refused-yaml: tags are refused: `tag:yaml.org,2002:binary`"),
            ("a: !!set {x}\n", "a.yaml:1: error presets.refused-yaml: tags are refused: `tag:yaml.org,2002:set`"),
            ("a: 1\nb: 2\na: 3\n", "a.yaml:1: error presets.duplicate-key: key `a` stands twice in one mapping"),
            ("[a, b]: 1\n", "a.yaml:1: error presets.wrong-type: expected a word as key but got a list or mapping"),
        ]
    )
    func refusals(text: String, line: String) {
        let read = read(text)

        #expect(read.values.isEmpty)
        #expect(read.lines == [line])
    }

    @Test("a bomb of aliases is refused before anything is expanded")
    func bomb() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }

        #expect(read(text).lines == ["a.yaml:2: error presets.refused-yaml: aliases are refused: `*a0`"])
    }

    @Test("brackets and indents that go too deep are refused", arguments: [120, 20_000, 100_000])
    func deep(levels: Int) {
        let brackets = read("a: 1\nb: " + String(repeating: "[", count: levels))
        let dashes = read("a:\n" + String(repeating: "- ", count: levels) + "x\n")

        #expect(brackets.lines == ["a.yaml:2: error presets.too-deep: brackets are nested too deep"])
        #expect(dashes.values.isEmpty)
        #expect(dashes.lines.count == 1)
    }

    @Test("a file of more than 256 kB is not read")
    func large() {
        let text = "a: " + String(repeating: "x", count: 256 * 1024)

        #expect(read(text).lines == ["a.yaml:1: error presets.too-large: expected at most 256 kB but got 256 kB"])
        #expect(read("a: " + String(repeating: "x", count: 200_000)).values.count == 1)
    }

    @Test("a broken document spoils no other, and lines are those of the file")
    func documents() {
        let read = read("a: 1\n---\nb: [1, 2\n---\n# comment\nc: 3\n...\n---\n---\nd: 4\nd: 5\n--- {e: 6}\n")

        #expect(read.values.compactMap { $0.entries?.first?.key } == ["a", "c", "e"])
        #expect(read.values.map(\.line) == [1, 6, 12])
        #expect(read.lines.count == 2)
        #expect(read.lines.first?.hasPrefix("a.yaml:4: error presets.yaml: not valid YAML") == true)
        #expect(read.lines.last == "a.yaml:10: error presets.duplicate-key: key `d` stands twice in one mapping")
    }

    @Test("a byte order mark, line ends of Windows and dashes inside a text are no trouble")
    func ends() {
        let read = read("\u{FEFF}a: |\r\n  one\r\n  --- two\r\nb: 'x'\r\n---\r\nc: null\r\n")

        #expect(read.lines.isEmpty)
        #expect(read.values.count == 2)
        #expect(read.values.first?["a"]?.text == "one\n--- two\n")
        #expect(read.values.last?["c"] == nil)
    }

    @Test("a file that is cut anywhere, or has any byte changed, is read or refused in words")
    func damaged() {
        let bytes = Array(SmallLibrary.file.text.utf8)
        var state: UInt64 = 7
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let marks = Array("{}[]:,-&*!|>'\"%@`#?\\\t\n \u{0}\u{1}".utf8) + [0xC3, 0xFF]

        for round in 0..<300 {
            var damaged = bytes
            if round % 3 == 0 { damaged.removeLast(next(bytes.count)) }
            for _ in 0...next(4) where !damaged.isEmpty { damaged[next(damaged.count)] = marks[next(marks.count)] }
            let text = String(decoding: damaged, as: UTF8.self)
            let checked = PresetLibrary.read([PresetFile(name: "a.yaml", text: text)])

            #expect(checked.diagnostics.allSatisfy { $0.line ?? 0 > 0 && $0.code.hasPrefix("presets.") })
        }
    }

    @Test("text with an ampersand or a star is just text")
    func marks() {
        let read = read("a: salt &pepper, 5 *stars*\nb: \"*\"\nc: a & b\n")

        #expect(read.lines.isEmpty)
        #expect(read.values.first?["a"]?.text == "salt &pepper, 5 *stars*")
    }
}
