import Foundation
import Testing
import VitrineCore

@testable import VitrinePipeline

@Suite("Where a picture may be")
struct PictureLocatorTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/shop/sub", withIntermediateDirectories: true)
        for name in ["shop/a.jpg", "shop/sub/b c.jpg", "secret.jpg"] {
            try Data("x".utf8).write(to: URL(filePath: folder.path + "/" + name))
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/shop/out.jpg",
            withDestinationPath: folder.path + "/secret.jpg"
        )
    }

    @Test("a relative path, an encoded one and one with spaces around it are found below the folder")
    func found() throws {
        let locator = PictureLocator(folder: folder.path + "/shop")

        for reference in ["a.jpg", " a.jpg ", "./a.jpg", "sub/b c.jpg", "sub/b%20c.jpg", "sub/../a.jpg"] {
            guard case .file(let path) = try locator.place(of: reference) else {
                Issue.record("expected a file for `\(reference)`")
                continue
            }
            #expect(FileManager.default.fileExists(atPath: path))
        }
    }

    @Test(
        "nothing outside the folder is read: no parent, no absolute path, no link out",
        arguments: ["../secret.jpg", "sub/../../secret.jpg", "out.jpg", "/etc/passwd", "..%2Fsecret.jpg"]
    )
    func outside(reference: String) throws {
        let locator = PictureLocator(folder: folder.path + "/shop")

        let refusal = #expect(throws: ImageRefusal.self) { try locator.place(of: reference) }
        #expect(refusal?.kind == .outside)
    }

    @Test(
        "what is no reference is refused by name",
        arguments: ["", "ftp://host/a.jpg", "file:///etc/passwd", "data://x", "a\nb"]
    )
    func refused(reference: String) throws {
        let locator = PictureLocator(folder: folder.path + "/shop")

        let refusal = #expect(throws: ImageRefusal.self) { try locator.place(of: reference) }
        #expect(refusal?.kind == .notAReference)
    }

    @Test("a missing file says where to put it, and an unknown folder how to name it")
    func missing() throws {
        let refusal = #expect(throws: ImageRefusal.self) {
            try PictureLocator(folder: folder.path + "/shop").place(of: "nothing.jpg")
        }
        #expect(refusal?.kind == .missing)
        let homeless = #expect(throws: ImageRefusal.self) { try PictureLocator(folder: nil).place(of: "a.jpg") }
        #expect(homeless?.hint?.contains("--images") == true)
    }

    @Test("an address falls back to its file name in the folder, and a relative one is read against the feed's address")
    func addresses() throws {
        let locator = PictureLocator(folder: folder.path + "/shop")
        let place = try locator.place(of: "https://cdn.example/x/a.jpg?v=2")
        guard case .address(let url, let otherwise) = place else {
            Issue.record("expected an address")
            return
        }
        #expect(url == "https://cdn.example/x/a.jpg?v=2")
        #expect(otherwise?.hasSuffix("/shop/a.jpg") == true)

        let remote = PictureLocator(folder: nil, base: URL(string: "https://shop.example/feeds/main.xml"))
        #expect(try remote.place(of: "img/a.jpg") == .address("https://shop.example/feeds/img/a.jpg", otherwise: nil))
    }
}
