import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// `/v1/presets`: what videos are asked with; every saved version is kept.
struct PresetsAPI {
    let home: ServedHome

    private static let limit = 256 << 10

    func list(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        return JSONAnswer(ListAnswer(try await home.presets.list(), next: nil))
    }

    func show(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let shown = try await home.presets.show(.preset(try Self.name(context)))
        let tag = Self.tag(shown.version)
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: [.eTag: tag]) }
        guard (request.headers[.accept] ?? "").lowercased().contains("yaml") else {
            return try JSONAnswer(
                Answer(report: shown.report, text: shown.text, savedVersion: shown.version),
                headers: [.eTag: tag, .vary: "Accept"]
            ).response(from: request, context: context)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/yaml", .eTag: tag, .vary: "Accept"],
            body: .init(byteBuffer: ByteBuffer(string: shown.text))
        )
    }

    /// Saves a version; whoever changes one that was saved before says by `If-Match` which one they have read.
    func save(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        let name = try Self.name(context)
        let text = try await Self.text(of: request)
        let expected = try await expectedVersion(of: name, request)
        let saved = try await home.presets.save(.preset(name), text, expecting: expected, by: context.caller.id)
        guard let version = saved.value else {
            throw RequestError(.unprocessable, "the preset has errors", diagnostics: saved.diagnostics)
        }
        return JSONAnswer(
            Saved(name: name, version: version.version, diagnostics: saved.diagnostics),
            status: version.version == 1 ? .created : .ok,
            headers: [.eTag: Self.tag(version.version)]
        )
    }

    func delete(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let name = try Self.name(context)
        let expected = try await expectedVersion(of: name, request)
        try await home.presets.delete(.preset(name), expecting: expected, by: context.caller.id)
        return Response(status: .noContent)
    }

    func versions(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        let query = try Query(request, knows: ["limit", "cursor"])
        let page = try await home.store.versions(
            ofPreset: try Self.name(context),
            after: try query.cursor,
            limit: try query.limit
        )
        return JSONAnswer(ListAnswer(page) { Version($0) })
    }

    func check(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        let text = try await Self.text(of: request)
        return JSONAnswer(["diagnostics": try await home.presets.check(text)])
    }

    func preview(_ request: Request, _ context: ServerContext) async throws -> JSONAnswer {
        _ = try Query(request)
        let wish = try await request.json(Wish.self, atMost: Self.limit).value
        let preview = try await home.presets.preview(
            wish.preset,
            for: wish.product,
            placement: wish.placement,
            tier: wish.tier ?? .draft
        )
        var link: String?
        if let digest = preview.frame, let file = try await home.media.file(digest) {
            let end = home.time.now().adding(.seconds(3600))
            link = (home.options.publicURL ?? "") + home.secret.path(to: file, until: end)
        }
        return JSONAnswer(Preview(preview: preview, frameFile: link))
    }

    func schema(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        return Response(
            status: .ok,
            headers: [.contentType: "application/schema+json"],
            body: .init(byteBuffer: ByteBuffer(string: home.presets.schema))
        )
    }

    private func expectedVersion(of name: String, _ request: Request) async throws -> Int {
        guard let header = request.headers[.ifMatch]?.trimmed else {
            let saved = try await home.store.savedPreset(name, version: nil)
            if let saved, saved.text != nil {
                throw RequestError(
                    .preconditionRequired,
                    "preset `\(name)` was saved before",
                    hint: "send `If-Match` with the `ETag` of the version that you have read"
                )
            }
            return 0
        }
        guard let match = header.wholeMatch(of: /"v([0-9]{1,9})"/), let version = Int(match.1) else {
            throw RequestError(.preconditionFailed, "`If-Match`: expected the `ETag` of a version such as `\"v3\"`")
        }
        return version
    }

    private static func tag(_ version: Int) -> String { "\"v\(version)\"" }

    private static func name(_ context: ServerContext) throws(RequestError) -> String {
        let name = try context.path("preset")
        guard name.utf8.count <= 80, name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil else {
            throw RequestError(.notFound, "no preset `\(name.prefix(40))`", hint: "names are in kebab-case")
        }
        return name
    }

    private static func text(of request: Request) async throws -> String {
        guard ["application/yaml", "text/yaml", "application/x-yaml", "application/json"].contains(request.contentType)
        else {
            throw RequestError(.unsupportedType, "expected a body of type `application/yaml` or `application/json`")
        }
        let bytes = try await request.bytes(atMost: limit)
        guard let text = String(validating: bytes.readableBytesView, as: UTF8.self), !text.isEmpty else {
            throw RequestError(.invalid, "expected a preset as UTF-8 text")
        }
        return text
    }

    /// A preset whole, and as it was written.
    private struct Answer: Encodable {
        var report: PresetReport?
        var text: String
        var savedVersion: Int

        enum CodingKeys: String, CodingKey { case text, savedVersion }

        func encode(to encoder: any Encoder) throws {
            try report?.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(text, forKey: .text)
            try container.encode(savedVersion, forKey: .savedVersion)
        }
    }

    private struct Saved: Encodable {
        var name: String
        var version: Int
        var diagnostics: [Diagnostic]
    }

    private struct Version: Encodable {
        var version: Int
        var text: String?
        var savedAt: Date
        var author: KeyID

        init(_ version: PresetVersion) {
            self.version = version.version
            text = version.text
            savedAt = version.savedAt
            author = version.author
        }
    }

    private struct Preview: Encodable {
        var preview: PresetPreview
        var frameFile: String?

        enum CodingKeys: String, CodingKey { case frameFile }

        func encode(to encoder: any Encoder) throws {
            try preview.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(frameFile, forKey: .frameFile)
        }
    }

    /// What is to be previewed.
    private struct Wish: Decodable {
        var product: String
        var preset: String?
        var placement: Placement?
        var tier: Tier?

        enum CodingKeys: String, CodingKey, CaseIterable { case product, preset, placement, tier }

        init(from decoder: any Decoder) throws {
            try StrictKeys.check(decoder, CodingKeys.allCases)
            let container = try decoder.container(keyedBy: CodingKeys.self)
            product = try container.decode(String.self, forKey: .product)
            preset = try container.decodeIfPresent(String.self, forKey: .preset)
            placement = try container.decodeIfPresent(Placement.self, forKey: .placement)
            tier = try container.decodeIfPresent(Tier.self, forKey: .tier)
        }
    }
}
