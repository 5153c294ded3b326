import Foundation
import VitrineCore

/// Pictures of an order as requests carry them.
enum Pictures {
    /// The bytes of a picture here.
    static func bytes(at path: String) throws(ProviderError) -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ProviderError(JobFailure(.missing, "the first frame is not there", hint: "retry the job"))
        }
    }

    /// The picture as a `data:` address.
    static func dataAddress(_ path: String) throws(ProviderError) -> String {
        "data:image/png;base64," + (try bytes(at: path)).base64EncodedString()
    }

    /// The addresses of an order's pictures, the first frame first: those that were staged, else the pictures themselves.
    static func addresses(of order: SubmissionOrder) throws(ProviderError) -> [String] {
        if !order.addresses.isEmpty { return order.addresses }
        var addresses: [String] = []
        for path in [order.framePath] + order.references { addresses.append(try dataAddress(path)) }
        return addresses
    }

    /// The one address of an order's first frame.
    static func address(of order: SubmissionOrder) throws(ProviderError) -> String {
        if let first = order.addresses.first { return first }
        return try dataAddress(order.framePath)
    }
}

/// A body of form fields and one file.
struct Multipart {
    let boundary: String
    private var body = Data()

    init(boundary: String) { self.boundary = boundary }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }
    var bytes: Data { body + Data("--\(boundary)--\r\n".utf8) }

    mutating func add(_ name: String, _ value: String) {
        body += Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8)
    }

    mutating func add(_ name: String, file: Data, named fileName: String, type: String) {
        let head =
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"; filename=\"\(fileName)\"\r\n"
            + "Content-Type: \(type)\r\n\r\n"
        body += Data(head.utf8) + file + Data("\r\n".utf8)
    }
}
