using SecondOpinion.Interop.Commands;

return await CommandLine.RunAsync(args);
