import Foundation
import VitrineCore
import VitrineImaging
import VitrineTesting
import VitrineVideo

@testable import VitrineSimulator

/// A simulator whose time is pushed by hand, asked without sockets.
struct Stage {
    let simulator: Simulator
    let time = ManualTime()

    init(_ scenario: Scenario = Scenario()) async throws {
        let picture = Stage.picture
        simulator = Simulator(
            scenario: scenario,
            transport: ScriptedTransport { _ in HTTPResponse(status: 200, body: picture) },
            tools: try await VideoTools.find(environment: ProcessInfo.processInfo.environment),
            folder: FileManager.default.temporaryDirectory.path,
            time: time.source
        )
    }

    func outcome(_ call: Call) async -> FrontOutcome { await simulator.front.outcome(of: call) }

    func send(_ call: Call) async -> Reply { await outcome(call).reply }

    static let picture = DrawnImages.png(DrawnImages.product(PixelSize(width: 720, height: 1280)))
    private static let address = "http://pictures.example/mug.png"
    private static let uri = "data:image/png;base64," + picture.base64EncodedString()

    /// A good order in the words of a provider.
    static func order(for provider: String) -> Call {
        let path: String
        let body: JSON
        switch provider {
        case "happyhorse":
            path = "v1/happyhorse/generate"
            body = ["model": "happyhorse-1.0/video", "prompt": "a mug", "duration": 5, "image_url": .text(address)]
        case "apiyi":
            path = "wan/api/v1/services/aigc/video-generation/video-synthesis"
            body = horse(address)
        case "dashscope":
            path = "api/v1/services/aigc/video-generation/video-synthesis"
            body = horse(uri)
        case "ark":
            path = "api/v3/contents/generations/tasks"
            body = [
                "model": "doubao-seedance-2-0-260128", "resolution": "720p", "ratio": "adaptive", "duration": 5,
                "content": [
                    ["type": "text", "text": "a mug"],
                    ["type": "image_url", "image_url": ["url": .text(uri)], "role": "first_frame"],
                ],
            ]
        case "gemini":
            path = "v1beta/models/veo-3.1-generate-preview:predictLongRunning"
            let image: JSON = ["bytesBase64Encoded": .text(picture.base64EncodedString()), "mimeType": "image/png"]
            body = [
                "instances": [["prompt": "a mug", "image": image]],
                "parameters": ["aspectRatio": "9:16", "durationSeconds": 8],
            ]
        case "runway":
            path = "v1/image_to_video"
            body = [
                "model": "gen4.5", "promptImage": .text(uri), "promptText": "a mug", "ratio": "720:1280", "duration": 5,
            ]
        case "fal":
            path = "alibaba/happy-horse/v1.1/image-to-video"
            body = ["image_url": .text(uri), "prompt": "a mug", "resolution": "720p", "duration": 5]
        case "wavespeed":
            path = "api/v3/alibaba/happyhorse-1.1/image-to-video"
            body = ["image": .text(address), "prompt": "a mug", "resolution": "720p", "duration": 5]
        default:
            path = "v1/videos"
            body = .null
        }
        var call = Call(
            method: "POST",
            path: path.split(separator: "/").map(String.init),
            headers: [
                "authorization": provider == "fal" ? "Key k" : "Bearer k", "x-goog-api-key": "k",
                "content-type": "application/json", "x-dashscope-async": "enable", "x-runway-version": "2024-11-06",
            ],
            body: body.bytes,
            base: "http://127.0.0.1:1/\(provider)",
            provider: provider
        )
        if provider == "openai" {
            call.headers["content-type"] = "multipart/form-data; boundary=gap"
            call.body = form(["prompt": "a mug", "model": "sora-2", "seconds": "4", "size": "720x1280"])
        }
        return call
    }

    static func form(_ parts: [String: String]) -> Data {
        let lines = parts.sorted { $0.key < $1.key }.map { name, value in
            "--gap\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        return Data((lines.joined() + "--gap--\r\n").utf8)
    }

    private static func horse(_ picture: String) -> JSON {
        [
            "model": "happyhorse-1.1-i2v",
            "input": ["prompt": "a mug", "media": [["type": "first_frame", "url": .text(picture)]]],
            "parameters": ["resolution": "720P", "duration": 5, "watermark": false],
        ]
    }
}
