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

    /// A copy of the database in a folder of its own, for a dry run.
    func temporaryCopy() async throws -> Home {
        let folder = FileManager.default.temporaryDirectory.path + "/vitrine-dry-\(getpid())"
        let copy = Home(path: folder, isTemporary: true)
        try copy.make()
        try await SQLStore.open(path: database).copy(to: copy.database)
        return copy
    }

    func discardIfTemporary() {
        guard isTemporary else { return }
        // The system sweeps its temporary folder by itself.
        try? FileManager.default.removeItem(atPath: path)
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
