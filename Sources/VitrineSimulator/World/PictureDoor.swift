import Foundation
import VitrineCore
import VitrineImaging

/// What a provider asks of a picture.
struct PictureRules: Sendable {
    /// Bytes of the file.
    var bytes: Int
    /// Pixels of the shorter side.
    var smallestSide = 300
    /// Pixels of the longer side.
    var largestSide = 20_000
    /// Width by height.
    var aspect: ClosedRange<Double> = 0.4...2.5
    /// The ways in which it may come.
    var ways: Set<Way>

    enum Way: Hashable, Sendable {
        case dataURI
        case address
        case upload
    }
}

/// Takes pictures in, by whatever way they come, and judges them as a provider does.
struct PictureDoor: Sendable {
    let world: SimulatedWorld
    let transport: any HTTPTransport
    let pool: BlockingPool

    /// The picture that a reference leads to: a data URI, an address, or something uploaded before.
    func picture(
        at reference: String,
        field: String,
        rules: PictureRules,
        bond: String = ""
    ) async throws(Refusal) -> SimulatedPicture {
        if reference.hasPrefix("data:") {
            guard rules.ways.contains(.dataURI) else {
                throw Refusal(.picture, "`\(field)`: expected an address but got a data URI", field: field)
            }
            return try await judge(try PictureDoor.data(reference, field: field), field: field, rules: rules)
        }
        if let upload = world.upload(at: reference) {
            guard rules.ways.contains(.upload), upload.bond.isEmpty || upload.bond == bond else {
                throw Refusal(.picture, "`\(field)`: this upload is bound to `\(upload.bond)`", field: field)
            }
            return try await judge(upload.bytes, field: field, rules: rules)
        }
        guard rules.ways.contains(.address), let url = URL(string: reference), url.host() != nil,
            url.scheme == "http" || url.scheme == "https"
        else { throw Refusal(.picture, "`\(field)`: expected an address of a picture", field: field) }
        return try await judge(
            try await fetch(reference, field: field, limit: rules.bytes),
            field: field,
            rules: rules
        )
    }

    /// The picture of these bytes; refuses what the rules do not allow.
    func judge(_ bytes: Data, field: String, rules: PictureRules) async throws(Refusal) -> SimulatedPicture {
        func refusal(_ message: String) -> Refusal { Refusal(.picture, "`\(field)`: \(message)", field: field) }
        guard bytes.count <= rules.bytes else {
            throw refusal("the picture has \(bytes.count) bytes, more than \(rules.bytes)")
        }
        let digest = Digest(of: bytes)
        let size: PixelSize
        do {
            size = try await self.size(of: bytes, digest, limit: rules.bytes)
        } catch let error as ImageRefusal {
            throw refusal(error.message)
        } catch {
            throw refusal("the picture cannot be read")
        }
        guard size.shortSide >= rules.smallestSide, size.longSide <= rules.largestSide else {
            throw refusal("the picture is \(size) px, expected \(rules.smallestSide) to \(rules.largestSide) a side")
        }
        guard rules.aspect.contains(size.aspect) else {
            throw refusal("the picture is \(size) px, its shape is out of range")
        }
        return SimulatedPicture(digest: digest, size: size, bytes: bytes)
    }

    private func size(of bytes: Data, _ digest: Digest, limit: Int) async throws -> PixelSize {
        if let known = world.size(of: digest) { return known }
        let size = try await pool.run {
            let limits = ImageLimits(smallestSide: 1, bytes: limit)
            do throws(ImageRefusal) {
                return try ImageIntake.check(bytes, limits: limits).size
            } catch  where error.kind == .blank {
                return try ImageIntake.bitmap(bytes, limits: limits).size
            }
        }
        world.judged(digest, size)
        return size
    }

    private static func data(_ reference: String, field: String) throws(Refusal) -> Data {
        let parts = reference.dropFirst(5).split(separator: ",", maxSplits: 1)
        guard parts.count == 2, parts[0].hasPrefix("image/"), parts[0].hasSuffix(";base64"),
            parts[0] == parts[0].lowercased(), let bytes = Data(base64Encoded: String(parts[1]))
        else { throw Refusal(.picture, "`\(field)`: the data URI is not `data:image/…;base64,…`", field: field) }
        return bytes
    }

    private func fetch(_ address: String, field: String, limit: Int) async throws(Refusal) -> Data {
        let unreachable = Refusal(.picture, "`\(field)`: the picture could not be downloaded", field: field)
        do {
            let answer = try await transport.send(
                HTTPRequest("GET", address, byteLimit: limit + 1, deadline: .seconds(20), isOperators: true)
            )
            guard answer.status == 200 else { throw unreachable }
            return answer.body
        } catch {
            throw unreachable
        }
    }
}
