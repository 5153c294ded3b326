import Foundation
import VitrineCore

extension RowMapper {
    func pieces(_ row: Row, _ places: [Int], separator: String) -> [String] {
        if places.count == 1, !separator.isEmpty {
            guard let whole = text.line(row, places[0], limit: 4000) else { return [] }
            return whole.components(separatedBy: separator).map { $0.trimmed }
        }
        return places.map { text.line(row, $0, limit: FeedLimits.attributeLength) ?? "" }
    }

    func eachPiece(
        _ row: Row,
        _ place: Int,
        separator: String,
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        guard !row.isEmpty(place) else { return }
        let separators = Array(separator.utf8)
        let bytes = Array(text.withBytes(row, place) { Array($0) })
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            for index in 0...bytes.count {
                let isEnd = index == bytes.count
                let isDivided = !isEnd && (separators.contains(bytes[index]) || bytes[index] == valueDivider)
                let isEscaped = isDivided && index > 0 && bytes[index - 1] == UInt8(ascii: "\\")
                guard isEnd || (isDivided && !isEscaped) else { continue }
                if index > start { body(UnsafeBufferPointer(rebasing: bytes[start..<index])) }
                start = index + 1
            }
        }
    }

    func addCategories(_ row: Row, _ place: Int, to product: OpenProduct) {
        guard !row.isEmpty(place) else { return }
        let written = String(decoding: row.bytes(place), as: UTF8.self)
        let paths: [CategoryPath]
        if let known = knownCategories[written] {
            paths = known
        } else {
            paths = categories(row, place)
            if knownCategories.count < 20_000, written.utf8.count < 1000 { knownCategories[written] = paths }
        }
        for path in paths where !product.categories.contains(path) && product.categories.count < 50 {
            product.categories.append(path)
        }
    }

    func categories(_ row: Row, _ place: Int) -> [CategoryPath] {
        var paths: [CategoryPath] = []
        eachPiece(row, place, separator: profile.separators.categories) { piece in
            guard let whole = text.line(piece, limit: 1000) else { return }
            let path = whole.replacing("\\,", with: ",").split { profile.separators.levels.contains($0) }
                .map { $0.trimmed }.filter { !$0.isEmpty }
            guard !path.isEmpty else { return }
            if !profile.takesCategoryNumbers, path.count == 1, path[0].allSatisfy({ $0.isNumber }) { return }
            paths.append(CategoryPath(path))
        }
        watch(row, place, 1000)
        return paths
    }

    func eachFacet(_ row: Row, _ place: Int, _ body: (String, String) -> Void) {
        guard let whole = text.line(row, place, limit: 4000) else { return }
        for entry in whole.components(separatedBy: profile.separators.facets) {
            if let mark = entry.range(of: profile.separators.facet) {
                let value = entry[mark.upperBound...].trimmed
                if !value.isEmpty { body(entry[..<mark.lowerBound].trimmed.lowercased(), value) }
            } else if !entry.trimmed.isEmpty {
                body("", entry.trimmed)
            }
        }
    }

    func value(_ row: Row, _ candidates: [Int], _ name: String) -> String? {
        for place in candidates where !row.isEmpty(place) {
            if name == "gtin" || name == "mpn" {
                guard let value = text.exact(row, place) else { continue }
                if warnOfRounding(value, row, place) { return nil }
                let isLong = value.utf8.count > FeedLimits.attributeLength
                return isLong ? String(value.prefix(FeedLimits.attributeLength)) : value
            }
            guard let value = text.line(row, place, limit: FeedLimits.attributeLength) else { continue }
            watch(row, place, nil)
            return value
        }
        return nil
    }
}
