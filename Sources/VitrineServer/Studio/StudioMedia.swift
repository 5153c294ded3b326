import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import VitrineCore
import VitrinePipeline

/// Where pages find pictures and videos, and which take of a product they show.
struct StudioMedia: Sendable {
    let home: ServedHome
    private let end: Date

    init(home: ServedHome) {
        self.home = home
        // The same address for an hour, so that a browser keeps what it has.
        let hours = (home.time.now().timeIntervalSince1970 / 3600).rounded(.down)
        end = Date(timeIntervalSince1970: (hours + 3) * 3600)
    }

    /// Where a file can be read for some hours.
    func address(of file: MediaFile) -> String { home.secret.path(to: file, until: end) }

    /// Where a small one of a picture can be read by who is signed in.
    func thumbnail(of digest: Digest) -> String { "/studio/pictures/\(digest.hexadecimal)" }

    /// The first picture of a product that can be used, small.
    func thumbnail(of entry: CatalogEntry) -> String? { entry.pictures.lazy.compactMap(\.image).first.map(thumbnail) }

    /// A small picture.
    func picture(_ visit: Visit) async throws -> Response {
        guard let digest = Digest(hexadecimal: try visit.context.path("picture")),
            let bytes = try await home.thumbnails.picture(of: digest)
        else { throw RequestError(.notFound, "nothing is at this address") }
        return Response(
            status: .ok,
            headers: [
                .contentType: bytes.starts(with: [0x89]) ? "image/png" : "image/jpeg",
                .cacheControl: "private, max-age=31536000, immutable",
            ],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }

    /// The pictures of a product that can be used, in its order.
    func pictures(of entry: CatalogEntry) -> [String] {
        entry.pictures.compactMap(\.image).map { address(of: MediaFile(digest: $0, bytes: 0, kind: "jpg")) }
    }

    /// The take that is shown of a slot: the chosen one, else the newest that somebody approved, else the newest that nobody refused.
    static func shown(of record: SlotRecord) -> Take? {
        let kept = record.takes.filter { $0.video != nil && ($0.videoState == .new || $0.videoState == .approved) }
        return kept.last { $0.isChosen } ?? kept.last { $0.videoState == .approved } ?? kept.last
    }

    /// The video that stands for a product, if there is one.
    func video(of records: [SlotRecord]) async throws -> Video? {
        for record in records.sorted(by: { $0.slot.placement < $1.slot.placement }) {
            if let id = Self.shown(of: record)?.video, let video = try await home.store.video(id) { return video }
        }
        return nil
    }
}
