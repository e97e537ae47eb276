import Testing
@testable import EquivariantModels
