import CAssets
import HTTPTypes
import Hummingbird
import NIOCore

/// `/openapi.yaml`: this API in words that programs read; it travels inside the program.
enum APIDocument {
    /// The bytes of the document.
    static let bytes: ByteBuffer = {
        var index = 0
        while let asset = vitrine_asset_at(index)?.pointee {
            if String(cString: asset.name) == "Sources/VitrineServer/openapi.yaml" {
                return ByteBuffer(bytes: UnsafeRawBufferPointer(start: asset.bytes, count: asset.count))
            }
            index += 1
        }
        preconditionFailure("openapi.yaml is in the list of assets")
    }()

    @Sendable static func show(_ request: Request, _ context: ServerContext) async throws -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "application/yaml", .cacheControl: "public, max-age=300"],
            body: .init(byteBuffer: bytes)
        )
    }
}
