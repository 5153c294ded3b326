import Foundation
import Testing
import VitrineExport

@Suite struct ExportFolderTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "vitrine-\(ProcessInfo.processInfo.globallyUniqueString)")

    private func remove() {
        // The folder is in the system's place for temporary files: what is left there does no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    @Test("files are written and copied, and what is there already is left")
    func writes() throws {
        defer { remove() }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let source = folder.appending(path: "source.mp4")
        try Data("clip".utf8).write(to: source)
        let out = ExportFolder(folder.appending(path: "out").path)
        let files = [
            ExportFile(path: "index.html", contents: .bytes(Array("page".utf8))),
            ExportFile(path: "videos/a.mp4", contents: .copy(of: source.path)),
        ]

        let first = try out.write(files)
        let second = try out.write(files)

        #expect(first == 8)
        #expect(second == 4)
        #expect(try Data(contentsOf: folder.appending(path: "out/videos/a.mp4")) == Data("clip".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out/videos") == ["a.mp4"])
    }

    @Test("no file leaves the folder", arguments: ["../x", "/x", "a/../../x", ""])
    func outside(_ path: String) {
        defer { remove() }

        #expect(throws: ExportFailure.self) {
            try ExportFolder(folder.path).write([ExportFile(path: path, contents: .bytes([1]))])
        }
    }

    @Test("a file that is gone is named, and the page is not written")
    func missing() {
        defer { remove() }
        let failure = #expect(throws: ExportFailure.self) {
            try ExportFolder(folder.path)
                .write([
                    ExportFile(path: "index.html", contents: .bytes([1])),
                    ExportFile(path: "videos/a.mp4", contents: .copy(of: "/no/such.mp4")),
                ])
        }

        #expect(failure?.message.contains("videos/a.mp4") == true)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/index.html"))
    }
}
