/** Layers of detectors: feature pyramids, norms, RoIAlign. */
@NullMarked
package downstream.detection.layers;

import org.jspecify.annotations.NullMarked;
