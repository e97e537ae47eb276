import DifferentiableTensors
import GroupTheory

/// How clouds of points are turned before a network sees them. Results are published for pairs of training and test, such as "I/SO(3)".
public enum RotationProtocol: String, Sendable, Codable, CaseIterable {
  /// Not at all: as the data have them.
  case identity
  /// Each by a rotation of its own, uniform on SO(3).
  case so3

  /// "I" or "SO(3)".
  public var label: String { self == .identity ? "I" : "SO(3)" }

  /// The identity, for which no random number is drawn, or a random rotation.
  public func rotation(using generator: inout RandomSource) -> Rotation3 {
    self == .identity ? .identity : SO3().randomElement(using: &generator)
  }
}
