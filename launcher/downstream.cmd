@echo off
rem Runs Downstream from the tree this script lies in: lib\*.jar, then the jars of third parties in
rem plugins\ (or the folder that DOWNSTREAM_PLUGINS names).
setlocal
set "tree=%~dp0.."
if not defined DOWNSTREAM_PLUGINS set "DOWNSTREAM_PLUGINS=%tree%\plugins"
set "java=java"
if defined JAVA_HOME set "java=%JAVA_HOME%\bin\java"
"%java%" -Djava.awt.headless=true -Dai.djl.offline=true -XX:MaxRAMPercentage=40 -XX:+UseParallelGC ^
  -cp "%tree%\lib\*;%DOWNSTREAM_PLUGINS%\*" downstream.eval.cli.Main %*
exit /b %ERRORLEVEL%
