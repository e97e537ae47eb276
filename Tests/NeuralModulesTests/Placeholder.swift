import Testing
@testable import NeuralModules
