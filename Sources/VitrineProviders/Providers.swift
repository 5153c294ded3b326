// VitrineProviders: one adapter a provider: request out, answer in, nothing else.
// It never touches storage and never decides whether something is sent again.
// The composition root makes the adapters; the pipeline calls them through VideoProvider.

import Foundation
public import VitrineCore

/// Everybody who makes videos over the network.
public enum Providers {
    /// Their names, in the order in which they are shown.
    public static let all: [ProviderID] = [
        HappyHorse.id, APIYI.id, DashScope.id, Ark.id, OpenAI.id, Gemini.id, Runway.id, Fal.id, WaveSpeed.id,
    ]

    /// Those whose owners have switched them off, with the day; other servers may go on speaking their protocol.
    public static let retired: [ProviderID: String] = [OpenAI.id: "2026-09-24", Gemini.id: "2026-10-22"]

    /// Those that ring at one address for all jobs, which is set at the provider.
    public static let ringingForAllJobs: Set<ProviderID> = [OpenAI.id]

    /// Those that take pictures by public address only.
    public static let fetchingPictures: Set<ProviderID> = [HappyHorse.id, APIYI.id]

    /// A provider over its account, with those of the offers that are its own; nil for a name that is none.
    public static func provider(
        _ id: ProviderID,
        _ account: ProviderAccount,
        offers: [Offer],
        transport: any HTTPTransport
    ) -> (any VideoProvider)? {
        let own = offers.filter { $0.provider == id }
        return switch id {
        case HappyHorse.id: HappyHorse(account, offers: own, transport: transport)
        case APIYI.id: APIYI(account, offers: own, transport: transport)
        case DashScope.id: DashScope(account, offers: own, transport: transport)
        case Ark.id: Ark(account, offers: own, transport: transport)
        case OpenAI.id: OpenAI(account, offers: own, transport: transport)
        case Gemini.id: Gemini(account, offers: own, transport: transport)
        case Runway.id: Runway(account, offers: own, transport: transport)
        case Fal.id: Fal(account, offers: own, transport: transport)
        case WaveSpeed.id: WaveSpeed(account, offers: own, transport: transport)
        default: nil
        }
    }
}
