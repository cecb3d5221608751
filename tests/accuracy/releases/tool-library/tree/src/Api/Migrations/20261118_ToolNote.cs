using Microsoft.EntityFrameworkCore.Migrations;

namespace ToolLibrary.Api.Migrations;

/// <summary>What: Tools.Note, nullable. Why: keepers describe scratches. Effect: metadata only, 30 ms on the copy.</summary>
[Migration("20261118090000_ToolNote")]
public partial class ToolNote : Migration
{
    protected override void Up(MigrationBuilder m) => m.AddColumn<string>("Note", "Tools", maxLength: 200, nullable: true);

    protected override void Down(MigrationBuilder m)
    {
    }
}
