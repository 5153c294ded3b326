import Foundation
import VitrineCore
import VitrineImaging

/// Brings pictures home: from disk or by guarded HTTP, checked by their bytes, kept by their digest, and not fetched again while unchanged.
struct ImageFetcher: Sendable {
    let catalog: any CatalogStore
    let media: any MediaStore
    let transport: any HTTPTransport
    let pool: BlockingPool
    let limits: ImageLimits
    let time: TimeSource
    let work: String

    /// What stands at a place now, given what was known of it; nil for `known` when it was never looked at.
    func picture(at place: PictureLocator.Place, known: KnownPicture?) async -> KnownPicture {
        switch place {
        case .file(let path):
            return await picture(atFile: path, location: path, known: known)
        case .address(let url, let otherwise):
            let found = await picture(atAddress: url, known: known)
            guard found.refusal?.kind == .unreachable, let otherwise else { return found }
            return await picture(atFile: otherwise, location: url, known: known)
        }
    }

    private func picture(atFile path: String, location: String, known: KnownPicture?) async -> KnownPicture {
        let stamp = Self.stamp(ofFile: path)
        if let known, known.lastModified == stamp, await isStillKept(known) { return known }
        var found = KnownPicture(location: location, lastModified: stamp, checkedAt: time.now())
        do {
            let limits = limits
            let (image, bytes) = try await pool.run {
                let size = try URL(filePath: path).resourceValues(forKeys: [.fileSizeKey]).fileSize ?? 0
                guard size <= limits.bytes else { throw Self.tooManyBytes(size, limits) }
                let bytes = try Data(contentsOf: URL(filePath: path))
                return (try ImageIntake.check(bytes, limits: limits), bytes)
            }
            _ = try await media.put(bytes, kind: image.format.rawValue)
            found.image = image
        } catch let refusal as ImageRefusal {
            found.refusal = refusal
        } catch {
            found.refusal = ImageRefusal(.missing, "the picture cannot be read")
            found.lastModified = nil
        }
        return found
    }

    private func picture(atAddress url: String, known: KnownPicture?) async -> KnownPicture {
        var request = HTTPRequest("GET", url, byteLimit: limits.bytes, deadline: .seconds(120), stall: .seconds(20))
        request.headers["Accept"] = "image/jpeg,image/png,image/webp"
        if let known, await isStillKept(known) {
            if let etag = known.etag { request.headers["If-None-Match"] = etag }
            if let date = known.lastModified { request.headers["If-Modified-Since"] = date }
        }
        var found = KnownPicture(location: url, checkedAt: time.now())
        do {
            let response = try await transport.send(request)
            if response.status == 304, var known {
                known.checkedAt = time.now()
                return known
            }
            guard response.status == 200 else {
                throw ImageRefusal(
                    .unreachable,
                    "the server answered \(response.status)",
                    hint: Self.hint(response.status)
                )
            }
            let limits = limits
            let bytes = response.body
            let image = try await pool.run { try ImageIntake.check(bytes, limits: limits) }
            _ = try await media.put(bytes, kind: image.format.rawValue)
            found.image = image
            found.etag = response.headers["etag"]
            found.lastModified = response.headers["last-modified"]
        } catch let refusal as ImageRefusal {
            found.refusal = refusal
        } catch let error as TransportError {
            let kind: ImageRefusal.Kind = error.kind == .tooLarge ? .tooLarge : .unreachable
            found.refusal = ImageRefusal(kind, error.message)
        } catch {
            found.refusal = ImageRefusal(.unreachable, "the picture could not be kept")
        }
        return found
    }

    private func isStillKept(_ known: KnownPicture) async -> Bool {
        guard let image = known.image else { return false }
        do {
            return try await media.file(image.digest) != nil
        } catch {
            return false
        }
    }

    private static func stamp(ofFile path: String) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return "\(status.st_size):\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    private static func tooManyBytes(_ size: Int, _ limits: ImageLimits) -> ImageRefusal {
        ImageRefusal(.tooLarge, "the picture has \(size) bytes, more than the \(limits.bytes) that are taken")
    }

    private static func hint(_ status: Int) -> String? {
        switch status {
        case 401, 403: "the picture is not public"
        case 404, 410: "the link in the feed is dead"
        default: nil
        }
    }
}
