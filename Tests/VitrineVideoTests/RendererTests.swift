import Foundation
import Testing
import VitrineCore
import VitrineImaging

@testable import VitrineVideo

@Suite struct RendererTests {
    static let size = PixelSize(width: 240, height: 300)
    static let pixels = DrawnProduct(size: size).rgb

    private func film(_ motion: Motion, _ look: Look, seconds: Double = 2, scene: Scene) -> Film {
        let shot = LocalShot(
            framePath: "",
            size: Self.size,
            motion: motion,
            look: look,
            seconds: seconds,
            fps: 24,
            seed: 7
        )
        return Film(shot: shot, subject: scene.subject)
    }

    private func scene(_ look: Look, _ motion: Motion = .pushIn, seed: UInt64 = 7) throws -> Scene {
        try #require(Scene(of: Bitmap(opaque: Self.pixels, size: Self.size), look: look, motion: motion, seed: seed))
    }

    private func frame(_ film: Film, _ index: Int, _ scene: Scene) -> [UInt8] {
        let buffer = FrameBuffer(count: scene.frameBytes)
        scene.render(film.moment(index), into: buffer)
        return [UInt8](buffer.bytes)
    }

    private func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
        let luma = Self.size.area
        var sum = 0
        for index in stride(from: 0, to: luma, by: 3) { sum += abs(Int(a[index]) - Int(b[index])) }
        return Double(sum) / Double(luma / 3)
    }

    @Test("the bottle is found on its ground")
    func findsTheSubject() throws {
        let subject = try scene(.studio).subject

        #expect(subject.isClear)
        #expect(abs(subject.left - 0.31) < 0.03 && abs(subject.right - 0.69) < 0.03)
        #expect(abs(subject.centreX - 0.5) < 0.02)
    }

    @Test("a picture without a plain ground is filmed as a whole")
    func findsNoSubject() throws {
        var noise = Self.pixels
        var state: UInt32 = 1
        for index in noise.indices {
            state = state &* 1_664_525 &+ 1_013_904_223
            noise[index] = UInt8(state >> 24)
        }
        let scene = try #require(
            Scene(of: Bitmap(opaque: noise, size: Self.size), look: .studio, motion: .still, seed: 1)
        )

        #expect(!scene.subject.isClear)
    }

    @Test("every motion moves", arguments: Motion.allCases)
    func moves(motion: Motion) throws {
        let scene = try scene(.studio, motion)
        let film = film(motion, .studio, scene: scene)
        let frames = [0, 12, 24, 36, 47].map { frame(film, $0, scene) }

        let steps = zip(frames, frames.dropFirst()).map { difference($0, $1) }

        #expect(steps.allSatisfy { $0 > 0.25 }, "\(steps)")
    }

    @Test("no two motions look the same")
    func motionsDiffer() throws {
        let films = try Motion.allCases.map { motion in
            let scene = try scene(.studio, motion)
            let film = film(motion, .studio, scene: scene)
            return [6, 40].map { frame(film, $0, scene) }
        }

        for first in films.indices {
            for second in films.indices where second > first {
                let apart = zip(films[first], films[second]).map { difference($0, $1) }.reduce(0, +)
                #expect(apart > 1, "\(Motion.allCases[first]) and \(Motion.allCases[second]): \(apart)")
            }
        }
    }

    @Test("no motion shows the picture's edge, in any shape", arguments: Placement.allCases)
    func staysInside(placement: Placement) throws {
        let size = placement.size(shortSide: 240)
        for motion in Motion.allCases {
            let scene = try #require(Scene(of: DrawnProduct(size: size).bitmap, look: .studio, motion: motion, seed: 1))
            let shot = LocalShot(
                framePath: "",
                size: size,
                motion: motion,
                look: .studio,
                seconds: 6,
                fps: 30,
                seed: 1
            )
            let film = Film(shot: shot, subject: scene.subject)
            let worst = (0..<60).map { scene.overrun(film.moment($0 * 3)) }.max() ?? 0
            #expect(worst == 0, "\(motion): \(worst) px")
        }
    }

    @Test("a path is smooth: its second difference stays a small part of its first", arguments: Motion.allCases)
    func pathsAreSmooth(motion: Motion) throws {
        let subject = try scene(.studio).subject
        let path = (0..<180).map { index in
            Camera.of(motion, at: Float(index) / 179, seconds: 6, subject: subject)
        }
        let values: [(Camera) -> Float] = [
            { $0.zoom }, { $0.x }, { $0.y }, { $0.driftX }, { $0.driftY }, { $0.turn }, { $0.swing },
        ]
        for value in values {
            let places = path.map(value)
            let steps = zip(places, places.dropFirst()).map { $1 - $0 }
            let jerks = zip(steps, steps.dropFirst()).map { abs($1 - $0) }
            let fastest = steps.map(abs).max() ?? 0
            #expect((jerks.max() ?? 0) <= fastest * 0.12 + 1e-6)
        }
    }

    @Test("the unmoved picture comes back as it was, to a rounding")
    func samplesExactly() throws {
        var grade = Grade()
        grade.share = 1
        let scene = try #require(
            Scene(of: Bitmap(opaque: Self.pixels, size: Self.size), grade: grade, motion: .still, seed: 1)
        )

        func isFlat(_ x: Int, _ y: Int) -> Bool {
            let places = [(-4, 0), (4, 0), (0, -4), (0, 4)].map { (x + $0, y + $1) }
            return places.allSatisfy { u, v in
                guard (0..<Self.size.width).contains(u), (0..<Self.size.height).contains(v) else { return false }
                return (0..<3).allSatisfy { channel in
                    let here = Int(Self.pixels[(y * Self.size.width + x) * 3 + channel])
                    return abs(here - Int(Self.pixels[(v * Self.size.width + u) * 3 + channel])) < 4
                }
            }
        }
        var flat = 0
        for y in stride(from: 3, to: Self.size.height, by: 29) {
            for x in stride(from: 2, to: Self.size.width, by: 17) {
                let index = (y * Self.size.width + x) * 3
                let red = Float(Self.pixels[index]) / 255
                let green = Float(Self.pixels[index + 1]) / 255
                let blue = Float(Self.pixels[index + 2]) / 255
                let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
                let colour = scene.sample(x: Float(x), y: Float(y))
                // Where two hard edges meet, a coefficient may be beyond the range of a byte.
                #expect(abs(colour.x - luma) < 0.04)
                // Colours are kept at half the size, as the clip will: at an edge they are those of its two sides.
                guard isFlat(x, y) else { continue }
                #expect(abs(colour.x - luma) < 0.004)
                flat += 1
                #expect(abs(colour.y - (blue - luma) / 1.8556) < 0.004)
                #expect(abs(colour.z - (red - luma) / 1.5748) < 0.004)
            }
        }
        #expect(flat > 50)
    }

    @Test("a motion that comes back meets its own beginning", arguments: Motion.allCases.filter(Camera.loops))
    func loops(motion: Motion) throws {
        let scene = try scene(.studio, motion)
        let film = film(motion, .studio, scene: scene)

        #expect(difference(frame(film, 0, scene), frame(film, 48, scene)) < 0.2)
        let step = difference(frame(film, 1, scene), frame(film, 0, scene))
        #expect(difference(frame(film, 47, scene), frame(film, 0, scene)) < 1.2 * step + 0.2)
    }

    @Test("the fast kernels give the plain ones' frames, to the last bit", arguments: Motion.allCases)
    func kernelsAgree(motion: Motion) throws {
        for (look, width) in [(Look.studio, 242), (.vintageFilm, 246), (.neon, 256), (.neon, 288)] {
            let product = DrawnProduct(size: PixelSize(width: width, height: 300))
            let scene = try #require(Scene(of: product.bitmap, look: look, motion: motion, seed: 7))
            let shot = LocalShot(
                framePath: "",
                size: product.size,
                motion: motion,
                look: look,
                seconds: 2,
                fps: 24,
                seed: 7
            )
            let fast = FrameBuffer(count: scene.frameBytes)
            let plain = FrameBuffer(count: scene.frameBytes)
            for index in [0, 13, 40] {
                let moment = Film(shot, of: scene).moment(index)
                scene.render(moment, into: plain, atOnce: 1)
                for most in [16, 32] {
                    scene.render(moment, into: fast, atOnce: most)
                    #expect([UInt8](fast.bytes) == [UInt8](plain.bytes), "\(look) \(index) \(most)")
                }
            }
        }
    }

    @Test("frames do not depend on what was rendered before")
    func framesAreIndependent() throws {
        let scene = try scene(.vintageFilm, .orbit)
        let film = film(.orbit, .vintageFilm, scene: scene)
        let alone = frame(film, 20, scene)
        _ = frame(film, 3, scene)

        #expect(frame(film, 20, scene) == alone)
    }

    @Test("every look has its own colours and contrast")
    func looksDiffer() throws {
        let signatures = try Look.allCases.map { look in
            let scene = try scene(look)
            return Signature(frame(film(.pushIn, look, scene: scene), 24, scene), Self.size)
        }

        for first in signatures.indices {
            for second in signatures.indices where second > first {
                let apart = signatures[first].distance(to: signatures[second])
                #expect(apart > 2, "\(Look.allCases[first]) and \(Look.allCases[second]): \(apart)")
            }
        }
    }

    @Test("noir is black and white")
    func noirHasNoColour() throws {
        let scene = try scene(.noir)
        let frame = frame(film(.pushIn, .noir, scene: scene), 24, scene)

        #expect(frame[Self.size.area...].allSatisfy { abs(Int($0) - 128) <= 1 })
    }

    @Test("the product keeps its colour", arguments: [Look.studio, .commercial, .documentary])
    func colourStaysTrue(look: Look) throws {
        let scene = try scene(look)
        let sample = scene.sample(x: 110, y: 185)
        let place = (185 * Self.size.width + 110) * 3
        let wanted = (0..<3).map { Float(Self.pixels[place + $0]) / 255 }
        let luma = 0.2126 * wanted[0] + 0.7152 * wanted[1] + 0.0722 * wanted[2]

        #expect(abs(sample.x - luma) < 0.05)
        #expect(abs(sample.y - (wanted[2] - luma) / 1.8556) < 0.05)
        #expect(abs(sample.z - (wanted[0] - luma) / 1.5748) < 0.05)
    }

    @Test("no first frame is black, whatever the look and motion")
    func beginsLit() throws {
        for look in Look.allCases {
            for motion in [Motion.still, .reveal] {
                let scene = try scene(look, motion)
                let frame = frame(film(motion, look, scene: scene), 0, scene)
                let mean = frame[..<Self.size.area].reduce(0) { $0 + Int($1) } / Self.size.area
                #expect(mean > 36, "\(look) \(motion): \(mean)")
            }
        }
    }
}

/// Mean and spread of light, and mean colours of the middle and of the rim of a frame, in eight-bit steps.
struct Signature {
    var values: [Double]

    init(_ frame: [UInt8], _ size: PixelSize) {
        var luma: [Double] = []
        var rim: [Double] = []
        var colours = [Double](repeating: 0, count: 4)
        var counts = [Double](repeating: 0, count: 2)
        let quarter = size.area / 4
        for y in stride(from: 0, to: size.height, by: 2) {
            for x in stride(from: 0, to: size.width, by: 2) {
                let isRim = x < size.width / 5 || x > size.width * 4 / 5
                let value = Double(frame[y * size.width + x])
                if isRim { rim.append(value) } else { luma.append(value) }
                let index = size.area + (y / 2) * (size.width / 2) + x / 2
                let part = isRim ? 1 : 0
                colours[part * 2] += Double(frame[index])
                colours[part * 2 + 1] += Double(frame[index + quarter])
                counts[part] += 1
            }
        }
        func mean(_ list: [Double]) -> Double { list.reduce(0, +) / Double(list.count) }
        func spread(_ list: [Double]) -> Double {
            let middle = mean(list)
            return (list.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(list.count)).squareRoot()
        }
        values = [mean(luma), spread(luma), mean(rim), spread(rim)]
        values += [colours[0] / counts[0], colours[1] / counts[0], colours[2] / counts[1], colours[3] / counts[1]]
    }

    func distance(to other: Signature) -> Double {
        zip(values, other.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
}
