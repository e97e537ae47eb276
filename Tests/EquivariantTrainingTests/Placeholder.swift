import Testing
@testable import EquivariantTraining
