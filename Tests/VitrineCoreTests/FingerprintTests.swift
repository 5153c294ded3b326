import Foundation
import Testing
import VitrineCore

@Suite("What makes a request the same request")
struct FingerprintTests {
    let request = JobTransitionTests.sampleRequest

    @Test("the encoding is fixed for ever: this request has this fingerprint")
    func golden() {
        #expect(request.fingerprint.rawValue == "8bd8f5f43edaa648bac546bed6cacef7e69ac80837d99e38bb0bb2013be90e91")
    }

    @Test("every value that a model sees changes the fingerprint")
    func changes() {
        let changes: [(inout VideoRequest) -> Void] = [
            { $0.pictures = [Digest(of: "other")] }, { $0.pictures.append(Digest(of: "more")) },
            { $0.frame.fit = .crop }, { $0.frame.background = .blur }, { $0.frame.productSize = 0.7 },
            { $0.frame.shortSide = 720 }, { $0.frame.placement = .story }, { $0.prompt = "a cup" },
            { $0.avoid = "steam" }, { $0.style.words = "soft" }, { $0.style.tag = "soft" },
            { $0.style.look = .noir }, { $0.motion = .float }, { $0.seconds = 6.5 }, { $0.fps = 30 },
            { $0.sound.isOn = true }, { $0.sound.ambient = "rain" }, { $0.seed = 8 }, { $0.provider = "fal" },
            { $0.model = "motion-2" }, { $0.mode = "pro" }, { $0.tier = .final },
            { $0.shots = [.init(from: .picture, prompt: "x", motion: .still, seconds: 2)] },
        ]
        var seen: Set<Fingerprint> = [request.fingerprint]

        for change in changes {
            var changed = request
            change(&changed)
            #expect(seen.insert(changed.fingerprint).inserted)
        }
    }

    @Test("what stands over the clip changes the finish fingerprint alone")
    func finish() {
        var changed = request
        changed.finish = ["logo": "abc"]

        #expect(changed.fingerprint == request.fingerprint)
        #expect(changed.finishFingerprint != request.finishFingerprint)
    }

    @Test("two fields cannot be written so that they read as two others")
    func unambiguous() {
        var one = CanonicalText("t")
        one.write("a", "x\nb 1 y")
        var two = CanonicalText("t")
        two.write("a", "x")
        two.write("b", "y")

        #expect(one.digest != two.digest)
    }
}
