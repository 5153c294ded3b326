import Foundation
import HTTPTypes
import Hummingbird
import VitrineCore
import VitrinePipeline

/// Feeds in: the file and its pictures from a form, and what became of them.
struct ImportPages: Sendable {
    let studio: Studio

    private var api: ImportsAPI { ImportsAPI(home: studio.home) }
    private static let shownRemarks = 500

    private struct Line {
        var address: String
        var file: String
        var feed: String
        var mark: StateMark
        var counts: String
        var when: String
    }

    private struct ListModel {
        var form: String
        var mayGenerate: Bool
        var lines: [Line]
        var hasLines: Bool
    }

    func list(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["cursor"])
        let page = try await studio.home.store.imports(after: try query.cursor, limit: 30)
        let model = ListModel(
            form: visit.formToken ?? "",
            mayGenerate: visit.mayGenerate,
            lines: page.items.map(line),
            hasLines: !page.items.isEmpty
        )
        return studio.answer(.imports, model, title: "Import", at: .imports, to: visit)
    }

    func create(_ visit: Visit) async throws -> Response {
        let query = try Query(visit.request, knows: ["form"])
        try visit.check(try query.text("form"))
        let accepted = try await api.accept(visit.request, feed: nil, file: nil, reading: UploadedFeed.Reading())
        return Visit.redirect(to: "/studio/imports/\(accepted.id)")
    }

    private struct Remark {
        var line: String
        var field: String
        var text: String
        var hint: String?
        var tone: String
        var word: String
        var row: String?
        var product: String?
    }

    private struct Model {
        var title: String
        var feed: String
        var mark: StateMark
        var isOpen: Bool
        var isDone: Bool
        var figures: [Figure]
        var trouble: String?
        var remedy: String?
        var remarks: [Remark]
        var hasRemarks: Bool
        var isClean: Bool
        var isPast: Bool
        var more: String?
        var table: String
    }

    private struct Figure {
        var number: String
        var word: String
    }

    func show(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        let found = try await api.found(visit.context)
        var remarks: [Diagnostic] = []
        if let generation = found.generation {
            let limit = Self.shownRemarks + 1
            remarks = try await studio.home.store.diagnostics(of: generation, offset: 0, limit: limit)
        }
        let lines = Set(remarks.prefix(Self.shownRemarks).compactMap(\.line))
        let rows = try await studio.home.imports.rows(of: found, at: lines)
        let counts = found.counts
        let isDone = found.state == .finished
        let model = Model(
            title: found.file,
            feed: found.feed.rawValue,
            mark: StateMark(found.state),
            isOpen: found.state == .waiting || found.state == .running,
            isDone: isDone,
            figures: [
                Figure(number: "\(counts.rows)", word: "rows"), Figure(number: "\(counts.products)", word: "products"),
                Figure(number: "\(counts.lookedAt)", word: "products' pictures looked at"),
                Figure(number: "\(counts.accepted)", word: "good pictures"),
                Figure(number: "\(counts.skipped)", word: "rows left out"),
                Figure(number: "\(counts.refused)", word: "pictures refused"),
            ],
            trouble: found.failure?.message.asSentence,
            remedy: found.failure?.hint?.asSentence,
            remarks: remarks.prefix(Self.shownRemarks).map { remark in
                Remark(
                    line: remark.line.map { "\($0)" } ?? "",
                    field: remark.field ?? "",
                    text: remark.message.asSentence,
                    hint: remark.hint?.asSentence,
                    tone: remark.severity == .error ? "bad" : "new",
                    word: remark.severity == .error ? "Left out" : "Note",
                    row: remark.line.flatMap { rows[$0] },
                    product: remark.product.map { "/studio/products/\($0)" }
                )
            },
            hasRemarks: !remarks.isEmpty,
            isClean: isDone && remarks.isEmpty && counts.skipped + counts.refused == 0,
            isPast: isDone && remarks.isEmpty && counts.skipped + counts.refused > 0,
            more: remarks.count > Self.shownRemarks
                ? "The first \(Self.shownRemarks) are shown; the table has all." : nil,
            table: "/studio/imports/\(found.id)/diagnostics.csv"
        )
        return studio.answer(.importing, model, title: found.file, at: .imports, to: visit)
    }

    func table(_ visit: Visit) async throws -> Response {
        _ = try Query(visit.request)
        guard let generation = try await api.found(visit.context).generation else {
            throw RequestError(.conflict, "the import has not finished")
        }
        return try await api.table(of: generation)
    }

    private func line(_ found: ImportRequest) -> Line {
        let counts = found.counts
        return Line(
            address: "/studio/imports/\(found.id)",
            file: found.file,
            feed: found.feed.rawValue,
            mark: StateMark(found.state),
            counts: found.state == .waiting ? "" : "\(counts.products) products from \(counts.rows) rows",
            when: studio.moment(found.createdAt)
        )
    }
}
