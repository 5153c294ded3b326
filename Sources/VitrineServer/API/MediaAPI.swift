import Hummingbird
import VitrineCore

/// `/media` and `/v`: files for providers, by signed links that end, and for channels, by links that last.
struct MediaAPI {
    let home: ServedHome

    func media(_ request: Request, _ context: ServerContext) async throws -> Response {
        let query = try Query(request, knows: ["expires", "signature"])
        let name = try context.path("name")
        guard
            home.secret.allows(
                name: name,
                expires: try query.text("expires") ?? "",
                signature: try query.text("signature") ?? "",
                at: home.time.now()
            )
        else { throw RequestError(.forbidden, "this link was not made here, or has ended") }
        guard let digest = Digest(hexadecimal: String(name.prefix(64))), let file = try await home.media.file(digest)
        else {
            throw RequestError(.notFound, "nothing is at this address")
        }
        return try await FileAnswer(file: file, path: try await home.media.path(of: file))
            .response(to: request, context)
    }

    func lasting(_ request: Request, _ context: ServerContext) async throws -> Response {
        _ = try Query(request)
        let token = LinkToken(try context.path("token"))
        guard try context.path("name").hasSuffix(".mp4"), let video = try await home.store.video(at: token) else {
            throw RequestError(.notFound, "nothing is at this address")
        }
        let file = video.clip.file
        // The take behind a link may change: others ask again after five minutes.
        return try await FileAnswer(
            file: file,
            path: try await home.media.path(of: file),
            cacheControl: "public, max-age=300"
        ).response(to: request, context)
    }
}
