import Foundation
import VitrineCore
import VitrineProviders
import VitrineTransport

/// Which providers are at hand, by the variables `VITRINE_<PROVIDER>_…`, and why the others are not.
struct ProviderSettings {
    /// The accounts of those that can be asked, in the order in which they are shown.
    var accounts: [(provider: ProviderID, account: ProviderAccount)] = []
    /// Why the others cannot, each with what to do.
    var absent: [ProviderID: String] = [:]

    /// Reads the variables; throws `InvalidSetting` that names the one that cannot be used.
    init(_ settings: Settings) throws {
        let isReachable = !settings.text(Settings.publicURL).isEmpty
        for provider in Providers.all {
            let reader = Reader(settings: settings, prefix: "VITRINE_\(provider.rawValue.uppercased())_")
            guard let key = try reader.secret("KEY") else {
                absent[provider] = "`\(provider)` has no key: set `\(reader.prefix)KEY`"
                continue
            }
            let address = try reader.address()
            if address == nil, let day = Providers.retired[provider] {
                absent[provider] =
                    "`\(provider)` was retired by its owner on \(day): set `\(reader.prefix)URL` to a server that goes on "
                    + "speaking its protocol, or name another provider"
                continue
            }
            if Providers.fetchingPictures.contains(provider), !isReachable {
                absent[provider] =
                    "`\(provider)` fetches pictures by address: set `VITRINE_PUBLIC_URL` to where `vitrine serve` or "
                    + "`vitrine work --listen` is reached"
                continue
            }
            let account = ProviderAccount(
                key: key,
                address: address,
                webhookSecret: try reader.secret("WEBHOOK_SECRET"),
                model: reader.text("MODEL"),
                limit: try reader.number("LIMIT", within: 1...10_000),
                perMinute: try reader.number("PER_MINUTE", within: 1...60_000)
            )
            accounts.append((provider, account))
        }
    }

    /// The offers of those that can be asked, first those of the model that an operator names: it is asked unless another one is.
    ///
    /// A name that the list does not have is the same model under another name, at a gateway or as an endpoint: it can do what the
    /// first one of the list can, at the same price.
    func offers(of list: PriceList) -> [Offer] {
        accounts.flatMap { provider, account in
            let rows = list.offers.filter { $0.provider == provider }
            guard let model = account.model else { return rows }
            let known = rows.filter { $0.model == model }
            guard known.isEmpty else { return known + rows.filter { $0.model != model } }
            let renamed = rows.filter { $0.model == rows.first?.model }.map { row in
                var row = row
                row.model = model
                return row
            }
            return renamed + rows
        }
    }

    /// One provider's variables.
    private struct Reader {
        let settings: Settings
        let prefix: String

        func text(_ name: String) -> String? {
            let value = settings.environment[prefix + name] ?? ""
            return value.isEmpty ? nil : value
        }

        /// A secret from its variable, or from the file that `…_FILE` names.
        func secret(_ name: String) throws -> String? {
            if let value = text(name) { return value }
            guard let path = text(name + "_FILE") else { return nil }
            do {
                let value = try String(contentsOfFile: path, encoding: .utf8)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                guard !value.isEmpty else {
                    throw InvalidSetting(name: prefix + name + "_FILE", message: "the file holds nothing")
                }
                return value
            } catch let error as InvalidSetting {
                throw error
            } catch {
                throw InvalidSetting(name: prefix + name + "_FILE", message: "the file cannot be read")
            }
        }

        func address() throws(InvalidSetting) -> String? {
            guard let value = text("URL") else { return nil }
            guard let parts = URLComponents(string: value), parts.scheme == "http" || parts.scheme == "https",
                parts.host?.isEmpty == false, parts.query == nil, parts.user == nil
            else {
                throw InvalidSetting(
                    name: prefix + "URL",
                    message: "expected an address such as `https://api.example.com` but got `\(value)`"
                )
            }
            return value
        }

        func number(_ name: String, within range: ClosedRange<Int>) throws(InvalidSetting) -> Int? {
            guard let value = text(name) else { return nil }
            guard let number = Int(value), range.contains(number) else {
                throw InvalidSetting(
                    name: prefix + name,
                    message:
                        "expected a whole number from \(range.lowerBound) to \(range.upperBound) but got `\(value)`"
                )
            }
            return number
        }
    }
}

extension PriceList {
    /// The shipped table, with what a merchant's own file replaces.
    static func here(_ settings: Settings) throws(InvalidSetting) -> PriceList {
        let path = settings.text(Settings.prices)
        guard !path.isEmpty else { return shipped }
        do {
            return try PriceList(yaml: try String(contentsOfFile: path, encoding: .utf8), over: shipped)
        } catch let error as Problem {
            throw InvalidSetting(name: Settings.prices.name, message: error.message)
        } catch {
            throw InvalidSetting(name: Settings.prices.name, message: "the file `\(path)` cannot be read")
        }
    }
}
