import CAssets
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import VitrineCore

/// A file of the studio that travels inside the program.
enum StudioAsset: String, CaseIterable {
    case frame = "frame.mustache"
    case signIn = "sign-in.mustache"
    case catalogue = "catalogue.mustache"
    case product = "product.mustache"
    case compare = "compare.mustache"
    case review = "review.mustache"
    case imports = "imports.mustache"
    case importing = "import.mustache"
    case confirm = "confirm.mustache"
    case plan = "plan.mustache"
    case presets = "presets.mustache"
    case styles = "styles.mustache"
    case editor = "editor.mustache"
    case draft = "draft.mustache"
    case draftClip = "draft-clip.mustache"
    case versions = "versions.mustache"
    case work = "work.mustache"
    case export = "export.mustache"
    case trouble = "trouble.mustache"
    case style = "studio.css"
    case script = "studio.js"

    /// Its text.
    var text: String {
        let wanted = "Sources/VitrineServer/Templates/" + rawValue
        var index = 0
        while let asset = vitrine_asset_at(index)?.pointee {
            if String(cString: asset.name) == wanted {
                return String(decoding: UnsafeBufferPointer(start: asset.bytes, count: asset.count), as: UTF8.self)
            }
            index += 1
        }
        preconditionFailure("`\(wanted)` is among the files that travel inside the program")
    }

    /// Where a browser finds it: another address for other bytes, so that it may be kept for ever.
    var address: String { "/studio/files/" + Self.names[self, default: rawValue] }

    /// The names under which browsers ask for files.
    private static let names: [StudioAsset: String] = {
        let shown: [StudioAsset] = [.style, .script]
        return Dictionary(
            uniqueKeysWithValues: shown.map { asset in
                (asset, Digest(of: asset.text).digits(12) + "-" + asset.rawValue)
            }
        )
    }()

    /// Answers a browser that asks for a file.
    @Sendable static func show(_ request: Request, _ context: ServerContext) async throws -> Response {
        let name = try context.path("file")
        guard let asset = names.first(where: { $0.value == name })?.key else {
            throw RequestError(.notFound, "nothing is at this address")
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: asset == .style ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8",
                .cacheControl: "public, max-age=31536000, immutable",
            ],
            body: .init(byteBuffer: ByteBuffer(string: asset.text))
        )
    }

    /// The page of a model.
    func render(_ model: Any) -> String { Self.templates.render(model, withTemplate: stem) ?? "" }

    /// The name by which templates include one another.
    private var stem: String { String(rawValue.prefix { $0 != "." }) }

    /// The templates, read once.
    private static let templates: MustacheLibrary = {
        MustacheContentTypes.register(SafeText(), named: "STUDIO_HTML")
        var templates: [String: MustacheTemplate] = [:]
        for asset in allCases where asset.rawValue.hasSuffix(".mustache") {
            do {
                templates[asset.stem] = try MustacheTemplate(string: "{{% CONTENT_TYPE:STUDIO_HTML}}\n" + asset.text)
            } catch {
                preconditionFailure("`\(asset.rawValue)` is a template: \(error)")
            }
        }
        return MustacheLibrary(templates: templates)
    }()

    private struct SafeText: MustacheContentType {
        func escapeText(_ text: String) -> String { text.escapedForHTML }
    }
}
