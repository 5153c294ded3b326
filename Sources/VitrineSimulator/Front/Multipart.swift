import Foundation

/// One part of a `multipart/form-data` body.
struct FormPart: Hashable, Sendable {
    var name: String
    var filename: String?
    var kind: String?
    var bytes: Data

    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// Reads `multipart/form-data`.
enum Multipart {
    /// The parts in order; refuses a body of another type or one that does not end.
    static func parts(of call: Call) throws(Refusal) -> [FormPart] {
        let type = call.headers["content-type"] ?? ""
        guard type.lowercased().hasPrefix("multipart/form-data"), let boundary = parameter("boundary", of: type) else {
            throw Refusal(.field, "expected the content type `multipart/form-data`", field: "Content-Type")
        }
        let delimiter = Data("--\(boundary)".utf8)
        let gap = Data("\r\n\r\n".utf8)
        var parts: [FormPart] = []
        guard var at = call.body.range(of: delimiter)?.upperBound else { throw broken }
        while !call.body[at...].starts(with: Data("--".utf8)) {
            guard let head = call.body.range(of: gap, in: at..<call.body.endIndex),
                let next = call.body.range(
                    of: Data("\r\n".utf8) + delimiter,
                    in: head.upperBound..<call.body.endIndex
                )
            else { throw broken }
            let lines = String(decoding: call.body[at..<head.lowerBound], as: UTF8.self)
            parts.append(try part(lines, Data(call.body[head.upperBound..<next.lowerBound])))
            at = next.upperBound
        }
        return parts
    }

    private static let broken = Refusal(.field, "the multipart body cannot be read", field: "body")

    private static func part(_ head: String, _ bytes: Data) throws(Refusal) -> FormPart {
        var part = FormPart(name: "", bytes: bytes)
        for line in head.components(separatedBy: "\r\n") {
            let lower = line.lowercased()
            if lower.hasPrefix("content-disposition:") {
                part.name = parameter("name", of: line) ?? ""
                part.filename = parameter("filename", of: line)
            } else if lower.hasPrefix("content-type:") {
                part.kind = line.dropFirst(13).trimmingCharacters(in: .whitespaces)
            }
        }
        guard !part.name.isEmpty else { throw broken }
        return part
    }

    private static func parameter(_ name: String, of line: String) -> String? {
        for piece in line.split(separator: ";").dropFirst() {
            let pair = piece.trimmingCharacters(in: .whitespaces).split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == name else { continue }
            return pair[1].trimmingCharacters(in: CharacterSet(charactersIn: "\""))
        }
        return nil
    }
}
