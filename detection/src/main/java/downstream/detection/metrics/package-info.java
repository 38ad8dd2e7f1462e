/** What a detection score is: evaluators on primitive arrays, and the files they read and write. */
@NullMarked
package downstream.detection.metrics;

import org.jspecify.annotations.NullMarked;
