import ArgumentParser
import Equivariant

/// The models that `pointclouds` trains.
enum CloudModelKind: String, Codable, CaseIterable, ExpressibleByArgument {
  case pointnet, dgcnn, deepsets
  case setTransformer = "set-transformer"
  case faPointnet = "fa-pointnet"
  case faDGCNN = "fa-dgcnn"
  case faDeepsets = "fa-deepsets"
  case faSetTransformer = "fa-set-transformer"
  case faLocalPointnet = "fa-local-pointnet"

  /// Whether it is averaged over frames.
  var isFrameAveraged: Bool { rawValue.hasPrefix("fa-") }
}

/// One of the networks that know nothing of groups, as one type.
struct CloudBackbone: ForwardPassLayer {
  var pointNet: PointNet<Float>?
  var dgcnn: DGCNN<Float>?
  var deepSets: DeepSets<Float>?
  var setTransformer: SetTransformer<Float>?

  init(_ c: CloudConfiguration, using generator: inout some RandomNumberGenerator) {
    switch c.model {
    case .pointnet, .faPointnet, .faLocalPointnet: pointNet = PointNet(c.pointNet, using: &generator)
    case .dgcnn, .faDGCNN: dgcnn = DGCNN(c.dgcnn, using: &generator)
    case .deepsets, .faDeepsets: deepSets = DeepSets(c.deepSets, using: &generator)
    case .setTransformer, .faSetTransformer: setTransformer = SetTransformer(c.setTransformer, using: &generator)
    }
  }

  func callAsFunction(_ x: Tensor<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> {
    if let pointNet { return pointNet(x, &pass) }
    if let dgcnn { return dgcnn(x, &pass) }
    return deepSets?(x) ?? setTransformer!(x)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("", &pointNet)
    visitor("", &dgcnn)
    visitor("", &deepSets)
    visitor("", &setTransformer)
  }
}

/// A model as `pointclouds` trains it: a backbone alone, averaged over frames of the cloud, or over those of neighbourhoods too.
struct CloudModel: ForwardPassLayer {
  var plain: CloudBackbone?
  var averaged: FrameAveraging<CloudBackbone, PCAFrame>?
  var local: LocalFramePointNet<Float>?
  init(_ c: CloudConfiguration, using generator: inout some RandomNumberGenerator) {
    if c.model == .faLocalPointnet {
      local = LocalFramePointNet(c.localPointNet, using: &generator)
      local?.trainingElements = c.frames
    } else if c.model.isFrameAveraged {
      averaged = FrameAveraging(
        CloudBackbone(c, using: &generator), over: PCAFrame(c.reflections ? .o(3) : .so(3)), input: [.vectors()], output: c.outputFeatures,
        trainingElements: c.frames)
    } else {
      plain = CloudBackbone(c, using: &generator)
    }
  }

  /// The prediction for centred clouds [clouds, n, 3], by whole frames; in training by a few drawn at random.
  func callAsFunction(_ x: Tensor<Float>, _ pass: inout ForwardPass<Float>) -> Tensor<Float> {
    if let plain { return plain(x, &pass) }
    return averaged?(x, &pass) ?? local!(x, &pass)
  }

  mutating func visit(_ visitor: inout ParameterVisitor<Float>) {
    visitor("", &plain)
    visitor("", &averaged)
    visitor("", &local)
  }
}
