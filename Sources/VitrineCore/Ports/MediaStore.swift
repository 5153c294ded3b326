public import Foundation

/// Files by the digest of their bytes: pictures, first frames, clips, videos, posters and merchants' feeds.
public protocol MediaStore: Sendable {
    /// Keeps these bytes; on disk when it returns. The same bytes are kept once.
    func put(_ bytes: Data, kind: String) async throws(StoreError) -> MediaFile

    /// Takes the file at a path over, moving it where it can; on disk when it returns.
    func adopt(fileAt path: String, kind: String) async throws(StoreError) -> MediaFile

    /// The path under which a file's bytes can be read here; throws `notFound`.
    func path(of file: MediaFile) async throws(StoreError) -> String

    /// The file with that digest, if it is kept.
    func file(_ digest: Digest) async throws(StoreError) -> MediaFile?

    /// Deletes files that are not among those needed and were not written since; gives back how many bytes went.
    func sweep(keeping needed: Set<Digest>, writtenBefore: Date) async throws(StoreError) -> Int64
}
