import Testing
@testable import EquivariantDatasets
