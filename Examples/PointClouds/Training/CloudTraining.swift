import Equivariant
import ExampleSupport
import Foundation

/// A training run on clouds of points with its files.
struct CloudTraining {
  let configuration: CloudConfiguration
  let train: [PointCloud]
  let test: [PointCloud]

  /// The loss of a batch: 1 - (n · n̂)² on average over the points, or the cross entropy of classes or parts.
  static func loss(_ prediction: Tensor<Float>, _ batch: PointCloudBatch, _ task: CloudTask) -> Tensor<Float> {
    switch task {
    case .normals: return unorientedLoss(prediction, batch.normals!)
    case .classify: return crossEntropy(prediction, batch.labels)
    case .parts: return crossEntropy(prediction, batch.parts)
    }
  }

  /// The error that training reports, on one cloud of each test shape, turned as in the training: 1 - (n · n̂)², or the share of wrong
  /// answers.
  func testError(_ model: CloudModel) -> Double {
    let clouds = TestClouds(test, configuration.task.sampling, most: 1, rotations: configuration.task.rotations)
    switch configuration.task.kind {
    case .normals: return NormalErrors(angles: clouds.angles { model($0) }.flatMap { $0 }).error
    case .classify: return 1 - clouds.accuracy(of: { model($0) }, perCloud: true)
    case .parts: return 1 - clouds.accuracy(of: { model($0) }, perCloud: false)
    }
  }

  /// Runs to the end, or until Ctrl-C or the deadline, saving as it goes. A run that was interrupted is continued.
  ///
  /// - Returns: the trained model, or nil if the run was interrupted.
  func run(_ folder: RunFolder, resuming file: SafetensorsFile?, _ plan: SessionPlan) throws -> CloudModel? {
    let (task, c) = (configuration.task, configuration.training)
    var trainer = Trainer(configuration.makeModel(), settings: c.trainerSettings, sampleCount: c.clouds, seed: c.seed &+ 0x5EED)
    // A run may be given more epochs when it is resumed, on which its schedule depends.
    if let file { try trainer.restore(from: file, allowing: [.schedule]) }
    note(
      "\(configuration.modelName), \(trainer.model.parameterCount) parameters, trained \(task.rotations.label) on \(train.count) shapes, "
        + "\(Threads.count) threads, results in \(folder.path)/")
    let session = plan.session(
      configuration, in: folder, epochs: c.epochs, evaluateEvery: c.evaluateEvery, keepsLowest: false,
      continuedBy: "pointclouds train --resume --output \(shellQuoted(folder.path))")
    let loss: (CloudModel, [Int], inout LossContext<Float>) -> Tensor<Float> = { model, samples, context in
      // The clouds of a step depend on its number alone, as in the runs that are published.
      var source = RandomSource(seed: c.seed &* 0x9E37_79B9 &+ UInt64(context.step))
      let batch = PointCloudBatch.random(samples.map { train[$0 % train.count] }, task.sampling, rotations: task.rotations, using: &source)
      context.random = source
      return Self.loss(model(batch.points, &context.pass), batch, task.kind)
    }
    let outcome = try session.run(
      &trainer, resuming: file,
      epoch: { trainer, interrupted in
        trainer.runEpoch(loss: loss, interrupted: interrupted)
      }, evaluate: testError)
    return outcome.end == .completed ? trainer.averaged : nil
  }
}
