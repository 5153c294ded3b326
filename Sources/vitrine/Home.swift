import Foundation
import VitrineCore
import VitrineStorage

/// The folder that holds everything of one shop.
struct Home {
    let path: String
    private let isTemporary: Bool

    /// The home at a path; it is made, for its owner alone, where it is not there.
    init(at path: String) throws {
        self.init(path: URL(filePath: path).standardizedFileURL.path, isTemporary: false)
        try make()
    }

    private init(path: String, isTemporary: Bool) {
        self.path = path.hasSuffix("/") ? String(path.dropLast()) : path
        self.isTemporary = isTemporary
    }

    var database: String { path + "/vitrine.db" }
    var media: String { path + "/media" }
    var work: String { path + "/work" }

    /// A copy of a home's database in a folder of its own, for a dry run; empty when the home is not there.
    static func temporaryCopy(of path: String) async throws -> Home {
        var template = Array((FileManager.default.temporaryDirectory.path + "/vitrine-dry-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw CommandFailure("no folder for a dry run can be made") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let copy = Home(path: folder, isTemporary: true)
        try copy.make()
        let database = URL(filePath: path).standardizedFileURL.path + "/vitrine.db"
        if FileManager.default.fileExists(atPath: database) {
            try await SQLStore.open(path: database).copy(to: copy.database)
        }
        return copy
    }

    /// Removes spooled and half-fetched files that processes left which are gone since.
    func sweepWork(before moment: Date, rendersToo: Bool = false) {
        // What cannot be listed or removed is tried again at the next start.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: work)) ?? [] {
            let isRender = rendersToo && name.hasPrefix("s_") && name.hasSuffix(".mp4")
            guard isRender || ["feed-", "keep-", "fetch-", "export-", "upload-"].contains(where: name.hasPrefix) else {
                continue
            }
            let file = work + "/" + name
            let date = (try? FileManager.default.attributesOfItem(atPath: file))?[.modificationDate] as? Date
            if let date, date < moment { try? FileManager.default.removeItem(atPath: file) }
        }
    }

    /// Removes the folder of a dry run; gives back whether it was one.
    func discardIfTemporary() -> Bool {
        guard isTemporary else { return false }
        // The system sweeps its temporary folder by itself.
        try? FileManager.default.removeItem(atPath: path)
        return true
    }

    private func make() throws {
        for folder in [path, media, work] {
            do {
                try FileManager.default.createDirectory(
                    atPath: folder,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw CommandFailure(
                    "the home `\(path)` cannot be made or written",
                    hint: "name another folder with `--home DIR`"
                )
            }
        }
    }
}
