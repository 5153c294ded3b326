import VitrineCore
import Yams

/// Reads the documents of a YAML file, each on its own, so that one broken document spoils no other.
enum YAMLReader {
    /// Bytes that a file may have.
    static let largestFile = 256 * 1024
    /// How deep values may stand in each other.
    static let deepest = 24

    static func documents(of file: PresetFile, _ complaints: Complaints) -> [YAMLValue] {
        guard file.text.utf8.count <= largestFile else {
            complaints.add(
                .error,
                .tooLarge,
                file: file.name,
                line: 1,
                "expected at most \(largestFile / 1024) kB but got \(file.text.utf8.count / 1024) kB",
                hint: "split the file; every file of the folder is read"
            )
            return []
        }
        var documents: [YAMLValue] = []
        for part in parts(of: file.text) {
            documents += read(part.text, file: file.name, after: part.line, complaints)
        }
        return documents
    }

    private static func parts(of text: String) -> [(text: String, line: Int)] {
        let bytes = Array(text.utf8)
        var starts = [(offset: 0, line: 0)]
        var line = 0
        var offset = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        starts[0].offset = offset
        while offset < bytes.count {
            let isMarker =
                bytes[offset...].starts(with: [0x2D, 0x2D, 0x2D])
                && (offset + 3 == bytes.count || [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset + 3]))
            if isMarker { starts.append((offset, line)) }
            while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
            offset += 1
            line += 1
        }
        let ends = starts.dropFirst().map(\.offset) + [bytes.count]
        return zip(starts, ends).map { start, end in
            (String(decoding: bytes[min(start.offset, end)..<end], as: UTF8.self), start.line)
        }
    }

    private static func read(_ text: String, file: String, after line: Int, _ complaints: Complaints) -> [YAMLValue] {
        if let place = tooDeep(text) {
            complaints.add(.error, .tooDeep, file: file, line: line + place, "brackets are nested too deep")
            return []
        }
        if let place = alias(text) {
            complaints.add(
                .error,
                .refusedYAML,
                file: file,
                line: line + place.line,
                "aliases are refused: `*\(place.name)`",
                hint: "use `extends`, or write the value out"
            )
            return []
        }
        var values: [YAMLValue] = []
        do {
            let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
            while let node = try parser.nextRoot() {
                let conversion = Conversion(file: file, line: line, complaints: complaints)
                if let value = conversion.value(of: node, depth: 0), !value.isNull { values.append(value) }
            }
        } catch let error as YamlError {
            report(error, file: file, after: line, complaints)
        } catch {
            complaints.add(.error, .yaml, file: file, line: line + 1, "the document cannot be read")
        }
        return values
    }

    private static func report(_ error: YamlError, file: String, after line: Int, _ complaints: Complaints) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            complaints.add(.error, .yaml, file: file, line: line + mark.line, "not valid YAML: \(problem)")
        case .reader(let problem, _, _, _):
            complaints.add(.error, .yaml, file: file, line: line + 1, "not valid YAML: \(problem)")
        case .duplicatedKeysInMapping(let duplicates, let context):
            complaints.add(
                .error,
                .duplicateKey,
                file: file,
                line: line + context.mark.line,
                "key `\(duplicates.first ?? "")` stands twice in one mapping"
            )
        default:
            complaints.add(.error, .yaml, file: file, line: line + 1, "not valid YAML")
        }
    }

    /// The line where more brackets are open than values may be deep, from 1.
    private static func tooDeep(_ text: String) -> Int? {
        var open = 0
        var line = 1
        for byte in text.utf8 {
            switch byte {
            case 0x0A: line += 1
            case 0x5B, 0x7B: open += 1
            case 0x5D, 0x7D: open = max(0, open - 1)
            default: continue
            }
            if open > 4 * deepest { return line }
        }
        return nil
    }

    /// The first alias whose anchor stands in the same text: only such a one can be expanded.
    private static func alias(_ text: String) -> (name: String, line: Int)? {
        guard text.utf8.contains(0x26), text.utf8.contains(0x2A) else { return nil }
        var anchors = Set<String>()
        var aliases: [(name: String, line: Int)] = []
        var line = 1
        var previous: UInt8 = 0x0A
        let bytes = Array(text.utf8)
        let ends: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5B, 0x5D, 0x7B, 0x7D]
        for (index, byte) in bytes.enumerated() {
            if byte == 0x26 || byte == 0x2A,
                previous <= 0x20 || [0x5B, 0x7B, 0x2C, 0x3A, 0x3F, 0x2D].contains(previous)
            {
                let name = String(decoding: bytes[(index + 1)...].prefix { !ends.contains($0) }, as: UTF8.self)
                if name.isEmpty {
                } else if byte == 0x26 {
                    anchors.insert(name)
                } else {
                    aliases.append((name, line))
                }
            }
            if byte == 0x0A { line += 1 }
            previous = byte
        }
        return aliases.first { alias in
            anchors.contains(alias.name)
                || alias.name.hasSuffix(":") && anchors.contains(String(alias.name.dropLast()))
        }
    }
}

private struct Conversion {
    let file: String
    let line: Int
    let complaints: Complaints

    func value(of node: Node, depth: Int) -> YAMLValue? {
        let place = line + (node.mark?.line ?? 1)
        func refuse(_ code: PresetCode, _ message: String) -> YAMLValue? {
            complaints.add(.error, code, file: file, line: place, message)
            return nil
        }
        guard depth < YAMLReader.deepest else {
            return refuse(.tooDeep, "expected at most \(YAMLReader.deepest) levels of values")
        }
        guard node.anchor == nil else { return refuse(.refusedYAML, "anchors are refused") }
        let tag = node.tag.description
        switch node {
        case .alias:
            return refuse(.refusedYAML, "aliases are refused")
        case .scalar(let scalar):
            let isPlain = scalar.style == .plain
            guard ["", "!", "tag:yaml.org,2002:str"].contains(tag) else {
                return refuse(.refusedYAML, "tags are refused: `\(tag)`")
            }
            return YAMLValue(content: .scalar(scalar.string, isPlain: isPlain), file: file, line: place)
        case .sequence(let sequence):
            guard tag.isEmpty || tag == "tag:yaml.org,2002:seq" else {
                return refuse(.refusedYAML, "tags are refused: `\(tag)`")
            }
            var values: [YAMLValue] = []
            for item in sequence {
                guard let value = value(of: item, depth: depth + 1) else { return nil }
                values.append(value)
            }
            return YAMLValue(content: .list(values), file: file, line: place)
        case .mapping(let mapping):
            guard tag.isEmpty || tag == "tag:yaml.org,2002:map" else {
                return refuse(.refusedYAML, "tags are refused: `\(tag)`")
            }
            var entries: [YAMLValue.Entry] = []
            for (key, item) in mapping {
                guard case .scalar(let name) = key else {
                    return refuse(.wrongType, "expected a word as key but got a list or mapping")
                }
                guard self.value(of: key, depth: depth + 1) != nil else { return nil }
                guard name.string != "<<" else {
                    let place = line + (name.mark?.line ?? 1)
                    complaints.add(.error, .refusedYAML, file: file, line: place, "merge keys are refused: `<<`")
                    return nil
                }
                guard let value = value(of: item, depth: depth + 1) else { return nil }
                entries.append(.init(key: name.string, line: line + (name.mark?.line ?? 1), value: value))
            }
            return YAMLValue(content: .map(entries), file: file, line: place)
        }
    }
}
