// VitrineSimulator: the providers' servers on loopback, strict, with scripted faults and a ledger of what would have been billed.
// It never sees VitrineProviders, so that neither copies the other's mistakes.
// `vitrine simulate` and the tests run it.

import Hummingbird
import VitrineCore
