// VitrineSimulator: the providers' servers on loopback, strict, with scripted faults and a ledger of what would have been billed.
// It never sees VitrineProviders, so that neither copies the other's mistakes.
// `vitrine simulate` and the tests run it.

import Foundation
import Hummingbird
public import Logging
import NIOCore
import Synchronization
public import VitrineCore
public import VitrineVideo

/// All providers' servers in one process: each below its own path on one port of 127.0.0.1.
public struct Simulator: Sendable {
    /// The names of the providers that are simulated, which are the first parts of their addresses.
    public static let providers = [
        "apiyi", "ark", "dashscope", "fal", "gemini", "happyhorse", "openai", "runway", "wavespeed",
    ]

    let world: SimulatedWorld
    let front: Front
    let bell: WebhookBell

    /// Servers that behave by a scenario.
    ///
    /// `transport` fetches pictures and rings webhooks; `folder` keeps the clips, made once for each picture, size and length.
    public init(
        scenario: Scenario,
        transport: any HTTPTransport,
        tools: VideoTools,
        folder: String,
        time: TimeSource = .system,
        random: RandomSource = .system
    ) {
        let world = SimulatedWorld(scenario: scenario, time: time, random: random)
        let pool = BlockingPool(name: "simulator", width: 2)
        let bell = WebhookBell(world: world, transport: transport)
        let desk = Desk(
            world: world,
            pictures: PictureDoor(world: world, transport: transport, pool: pool),
            clips: ClipMaker(tools: tools, pool: pool, folder: folder),
            bell: bell
        )
        let servers: [any ProviderServer] = [
            APIYIServer(desk: desk), ArkServer(desk: desk), DashScopeServer(desk: desk), GeminiServer(desk: desk),
            FalServer(desk: desk), HappyHorseServer(desk: desk), OpenAIServer(desk: desk), RunwayServer(desk: desk),
            WaveSpeedServer(desk: desk),
        ]
        self.world = world
        self.bell = bell
        front = Front(
            world: world,
            servers: Dictionary(uniqueKeysWithValues: servers.map { ($0.name, $0) }),
            control: ControlDesk(world: world)
        )
    }

    /// Serves on a port of 127.0.0.1, and calls back with the port once it does.
    ///
    /// Port 0 takes a free one. Ends when its task is cancelled.
    public func run(port: Int, log: Logger, onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let application = Application(
            responder: FrontResponder(front: front),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? port) },
            logger: log
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.serve(log: log) }
            group.addTask { try await bell.run() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// What would have been billed until now.
    public var ledger: BillLedger { world.ledger }

    /// How many connections were opened to each provider.
    public var connections: [String: Int] { world.state.withLock { $0.connections.mapValues(\.count) } }

    /// How many requests a provider was sent that its routes answered.
    public func requests(to provider: ProviderID) -> Int {
        world.state.withLock { state in
            Exchange.allCases.reduce(0) { $0 + (state.counts["\(provider) \($1.rawValue)"] ?? 0) }
        }
    }

    /// How many of them it answered with 429.
    public func refusals(by provider: ProviderID) -> Int {
        world.state.withLock { $0.refusals[provider.rawValue] ?? 0 }
    }

    /// How often something has gone wrong as the scenario wants, since it was put in place.
    public var struck: Int { world.state.withLock { $0.faults.struck } }

    /// Puts another scenario in place; jobs that are there go on as they were to.
    public func play(_ scenario: Scenario) { world.play(scenario) }

    /// Forgets everything but the scenario.
    public func reset() { world.reset() }

    /// The settings that point Vitrine at these servers, as lines of an environment file.
    public static func environment(port: Int) -> [String] {
        let address = "127.0.0.1:\(port)"
        return providers.flatMap { name in
            [
                "VITRINE_\(name.uppercased())_URL=http://\(address)/\(name)",
                "VITRINE_\(name.uppercased())_KEY=simulated",
            ]
        } + ["VITRINE_ALLOW_HOSTS=\(address)"]
    }
}
