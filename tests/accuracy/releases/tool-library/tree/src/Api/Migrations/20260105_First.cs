using Microsoft.EntityFrameworkCore.Migrations;

namespace ToolLibrary.Api.Migrations;

/// <summary>What: all tables. Why: first version. Effect: empty database.</summary>
[Migration("20260105080000_First")]
public partial class First : Migration
{
    protected override void Up(MigrationBuilder m)
    {
        m.CreateTable("Branches", t => new { Id = t.Column<int>().Annotation("SqlServer:Identity", "1, 1"), Name = t.Column<string>(maxLength: 80) }, constraints: t => t.PrimaryKey("PK_Branches", x => x.Id));
        m.CreateIndex("IX_Branches_Name", "Branches", "Name", unique: true);
        m.CreateTable("Members", t => new
        {
            Id = t.Column<Guid>(), Subject = t.Column<string>(maxLength: 64), Name = t.Column<string>(maxLength: 120), Email = t.Column<string>(maxLength: 200),
            Newsletter = t.Column<bool>(defaultValue: false), LeftOn = t.Column<DateOnly>(nullable: true),
        }, constraints: t => t.PrimaryKey("PK_Members", x => x.Id));
        m.CreateIndex("IX_Members_Email", "Members", "Email", unique: true);
        m.CreateIndex("IX_Members_Subject", "Members", "Subject", unique: true);
        m.CreateTable("Tools", t => new
        {
            Id = t.Column<int>().Annotation("SqlServer:Identity", "1, 1"), Code = t.Column<string>(maxLength: 6), Name = t.Column<string>(maxLength: 80), BranchId = t.Column<int>(),
            DepositEur = t.Column<decimal>(precision: 8, scale: 2), Broken = t.Column<bool>(defaultValue: false),
        }, constraints: t =>
        {
            t.PrimaryKey("PK_Tools", x => x.Id);
            t.ForeignKey("FK_Tools_Branches", x => x.BranchId, "Branches", "Id", onDelete: ReferentialAction.Restrict);
            t.CheckConstraint("CK_Tool_Deposit", "DepositEur BETWEEN 0 AND 2000");
        });
        m.CreateIndex("IX_Tools_Code", "Tools", "Code", unique: true);
        m.CreateIndex("IX_Tools_BranchId", "Tools", "BranchId");
        m.CreateTable("Loans", t => new
        {
            Id = t.Column<Guid>(), ToolId = t.Column<int>(), MemberId = t.Column<Guid>(), From = t.Column<DateOnly>(), Until = t.Column<DateOnly>(),
            ReturnedAt = t.Column<DateTimeOffset>(nullable: true), Version = t.Column<byte[]>(rowVersion: true),
        }, constraints: t =>
        {
            t.PrimaryKey("PK_Loans", x => x.Id);
            t.ForeignKey("FK_Loans_Tools", x => x.ToolId, "Tools", "Id", onDelete: ReferentialAction.Restrict);
            t.ForeignKey("FK_Loans_Members", x => x.MemberId, "Members", "Id", onDelete: ReferentialAction.Cascade);
            t.CheckConstraint("CK_Loan_Span", "[Until] >= [From] AND DATEDIFF(day, [From], [Until]) <= 28");
        });
        m.CreateIndex("IX_Loans_ToolId", "Loans", "ToolId", unique: true, filter: "[ReturnedAt] IS NULL");
        m.CreateIndex("IX_Loans_MemberId_From", "Loans", ["MemberId", "From"]);
        m.Sql("CREATE TABLE Audit (Id bigint IDENTITY PRIMARY KEY, At datetimeoffset NOT NULL, Who nvarchar(64) NOT NULL, What nvarchar(40) NOT NULL, [On] nvarchar(64) NOT NULL, Ip nvarchar(45) NOT NULL) WITH (LEDGER = ON (APPEND_ONLY = ON))");
        m.CreateIndex("IX_Audit_At", "Audit", "At");
    }

    protected override void Down(MigrationBuilder m)
    {
        foreach (var t in new[] { "Audit", "Loans", "Tools", "Members", "Branches" }) m.DropTable(t);
    }
}
