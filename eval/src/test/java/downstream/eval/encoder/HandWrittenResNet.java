package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.build.ResNet;
import java.util.ArrayList;
import java.util.List;

/** A {@link ResNet} in DJL's blocks. */
final class HandWrittenResNet extends HandWritten {
  private final ResNet size;

  HandWrittenResNet(ResNet size) {
    this.size = size;
    int in = size.width();
    convolution("conv1", "bn1", 3, in, 7, 2);
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < size.blocks().get(stage); block++) {
        block(name(stage, block), in, stage, stride(stage, block));
        in = size.outputChannels(stage);
      }
    }
  }

  private static String name(int stage, int block) {
    return "layer" + (stage + 1) + "." + block;
  }

  private static int stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  private void block(String name, int in, int stage, int stride) {
    int middle = size.channels(stage);
    int out = size.outputChannels(stage);
    if (size.basic()) {
      convolution(name + ".conv1", name + ".bn1", in, out, 3, stride);
      convolution(name + ".conv2", name + ".bn2", out, out, 3, 1);
    } else {
      convolution(name + ".conv1", name + ".bn1", in, middle, 1, 1);
      convolution(name + ".conv2", name + ".bn2", middle, middle, 3, stride);
      convolution(name + ".conv3", name + ".bn3", middle, out, 1, 1);
    }
    if (stride > 1 || in != out) {
      convolution(name + ".downsample.0", name + ".downsample.1", in, out, 1, stride);
    }
  }

  private void convolution(String name, String norm, int in, int out, int side, int stride) {
    Conv2d convolution =
        Conv2d.builder()
            .setFilters(out)
            .setKernelShape(new Shape(side, side))
            .optStride(new Shape(stride, stride))
            .optPadding(new Shape(side / 2, side / 2))
            .optBias(false)
            .build();
    layer(name, convolution, 1, in, 32, 32);
    layer(norm, BatchNorm.builder().optEpsilon(1e-5f).build(), 1, out, 32, 32);
  }

  @Override
  List<NDArray> forward(NDArray images, ParameterStore store, boolean training) {
    NDArray x = Activation.relu(normed("conv1", "bn1", images, store, training));
    Shape two = new Shape(2, 2);
    x = Pool.maxPool2d(x, new Shape(3, 3), two, new Shape(1, 1), false);
    List<NDArray> levels = new ArrayList<>();
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < size.blocks().get(stage); block++) {
        boolean projects = block == 0 && (stage > 0 || !size.basic());
        x = block(name(stage, block), x, projects, store, training);
      }
      levels.add(x);
    }
    return levels;
  }

  private NDArray block(
      String name, NDArray x, boolean projects, ParameterStore store, boolean training) {
    NDArray y = Activation.relu(normed(name + ".conv1", name + ".bn1", x, store, training));
    y = normed(name + ".conv2", name + ".bn2", y, store, training);
    if (!size.basic()) {
      y = normed(name + ".conv3", name + ".bn3", Activation.relu(y), store, training);
    }
    NDArray shortcut =
        projects ? normed(name + ".downsample.0", name + ".downsample.1", x, store, training) : x;
    return Activation.relu(y.add(shortcut));
  }

  private NDArray normed(
      String convolution, String norm, NDArray x, ParameterStore store, boolean training) {
    return run(norm, run(convolution, x, store, training), store, training);
  }
}
