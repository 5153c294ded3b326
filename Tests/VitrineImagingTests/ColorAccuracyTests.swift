import Foundation
import Testing
import VitrineCore
import VitrineTesting

@testable import VitrineImaging

/// What embedded profiles come to, beside littleCMS' own programs (`liblcms2-utils`, which `make deps` installs).
@Suite struct ColorAccuracyTests {
    /// Patches of 16 pixels, which JPEG keeps flat, of colours of three or four samples.
    struct Patches {
        let samples: [[UInt8]]
        let columns = 16

        init(channels: Int, steps: Int) {
            let count = (0..<channels).reduce(1) { all, _ in all * steps }
            samples = (0..<count).map { index in
                (0..<channels).reduce(into: (index, [UInt8]())) { state, _ in
                    state.1.append(UInt8(state.0 % steps * 255 / (steps - 1)))
                    state.0 /= steps
                }.1
            }
        }

        /// The patches as JPEG; the four samples of inks are 255 for none.
        func jpeg(profile: Data?) throws -> Data {
            let rows = (samples.count + columns - 1) / columns
            let size = PixelSize(width: columns * 16, height: rows * 16)
            var pixels = [UInt8](repeating: 255, count: size.area * 4)
            for y in 0..<size.height {
                for x in 0..<size.width {
                    let index = y / 16 * columns + x / 16
                    guard index < samples.count else { continue }
                    for (channel, value) in samples[index].enumerated() {
                        pixels[(y * size.width + x) * 4 + channel] = value
                    }
                }
            }
            let bitmap = try #require(Bitmap(size: size, pixels: pixels))
            let ink: ImageEncoding.Ink = samples[0].count == 4 ? .cmyk : .color
            let plain = ImageEncoding.jpeg(bitmap, quality: 100, ink: ink, isProgressive: false)
            guard let profile else { return plain }
            let segment = DrawnImages.segment(0xE2, Data("ICC_PROFILE\0\u{1}\u{1}".utf8) + profile)
            return plain.prefix(2) + segment + plain.dropFirst(2)
        }

        /// The colours in the middles of the patches of such a picture.
        func colours(of bytes: Data) throws -> [[Double]] {
            let bitmap = try ImageIntake.bitmap(bytes, limits: Fixtures.tiny)
            return samples.indices.map { index in
                let pixel = bitmap[index % columns * 16 + 8, index / columns * 16 + 8]
                return [Double(pixel.x), Double(pixel.y), Double(pixel.z)]
            }
        }
    }

    /// What a program of littleCMS answers.
    private func run(_ program: String, _ arguments: [String], input: String = "") throws -> String {
        let path = "/usr/bin/" + program
        try #require(FileManager.default.isExecutableFile(atPath: path), "run `make deps`: \(program) is missing")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let (asked, said) = (Pipe(), Pipe())
        process.standardInput = asked
        process.standardOutput = said
        process.standardError = FileHandle.nullDevice
        try process.run()
        try asked.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try asked.fileHandleForWriting.close()
        let answer = try said.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return String(decoding: answer, as: UTF8.self)
    }

    private func profilePath(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name).icc").path
    }

    /// What `transicc` makes of colours, in whole numbers and fractions.
    private func converted(_ colours: [[Double]], _ name: String) throws -> [[Double]] {
        let asked = colours.joined().map { "\($0)\n" }.joined()
        let flags = ["-i" + profilePath(name), "-o*sRGB", "-t1", "-b", "-n", "-s"]
        return try run("transicc", flags, input: asked).split(separator: "\n").compactMap { line in
            let values = line.split(separator: " ").compactMap { Double($0) }
            return values.count == 3 ? values : nil
        }
    }

    private func distances(_ ours: [[Double]], _ theirs: [[Double]]) throws -> [Double] {
        try #require(ours.count == theirs.count && !ours.isEmpty)
        return zip(ours, theirs).map { Lab(sRGB: $0).difference(from: Lab(sRGB: $1)) }
    }

    @Test(
        "no colour comes out further than 1.0 from what transicc says",
        arguments: ["adobe-rgb", "display-p3", "prophoto"]
    )
    func colours(name: String) throws {
        let patches = Patches(channels: 3, steps: 6)
        let theirs = try converted(try patches.colours(of: patches.jpeg(profile: nil)), name)
        let ours = try patches.colours(of: patches.jpeg(profile: Fixtures.file(name + ".icc")))

        let apart = try distances(ours, theirs)

        #expect((apart.max() ?? 9) <= 1)
        #expect(apart.reduce(0, +) / Double(apart.count) < 0.25)
    }

    @Test("no mixture of inks comes out further than 1.0 from what transicc says", arguments: ["offset", "odd-inks"])
    func inks(name: String) throws {
        let patches = Patches(channels: 4, steps: 4)
        let inks = patches.samples.map { sample in sample.map { (255 - Double($0)) / 2.55 } }
        let ours = try patches.colours(of: patches.jpeg(profile: Fixtures.file(name + ".icc")))

        let apart = try distances(ours, try converted(inks, name))

        #expect((apart.max() ?? 9) <= 1)
        #expect(apart.reduce(0, +) / Double(apart.count) < 0.4)
    }

    @Test("a picture looks as jpgicc makes it", arguments: ["adobe-rgb", "display-p3", "prophoto"])
    func pictures(name: String) throws {
        let patches = Patches(channels: 3, steps: 6)
        let bytes = try patches.jpeg(profile: Fixtures.file(name + ".icc"))
        let folder = FileManager.default.temporaryDirectory.appending(path: "vitrine-colours-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (from, to) = (folder.appending(path: "in.jpg"), folder.appending(path: "out.jpg"))
        try bytes.write(to: from)
        _ = try run("jpgicc", ["-t1", "-b", "-q100", from.path, to.path])

        let apart = try distances(try patches.colours(of: bytes), try patches.colours(of: Data(contentsOf: to)))

        #expect(apart.sorted()[apart.count * 95 / 100] <= 1)
        #expect(apart.reduce(0, +) / Double(apart.count) < 0.4)
    }
}

extension Lab {
    /// Of red, green and blue in 0 to 255.
    fileprivate init(sRGB colour: [Double]) {
        self.init(colour[0] / 255, colour[1] / 255, colour[2] / 255)
    }
}
